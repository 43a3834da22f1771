"""Running numbers for natural keys: A-000123, CHG-2026-0007."""

from django.db import connection, models

#: One statement on both databases; the row stays locked until the transaction ends.
TAKE = """
    INSERT INTO common_numberseries (name, last) VALUES (%s, %s)
    ON CONFLICT (name) DO UPDATE SET last = common_numberseries.last + excluded.last
    RETURNING last
"""


class NumberSeries(models.Model):
    """The last number given out in a series."""

    name = models.CharField(max_length=40, primary_key=True)
    last = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name_plural = "number series"

    def __str__(self) -> str:
        return f"{self.name}: {self.last}"


def take_numbers(series: str, count: int = 1) -> range:
    """Reserve `count` consecutive numbers of a series; no two transactions get the same."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [series, count])
        last = int(cursor.fetchone()[0])
    return range(last - count + 1, last + 1)
