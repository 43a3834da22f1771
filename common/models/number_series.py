"""Running numbers for natural keys: A-000123, CHG-2026-0007."""

from django.db import models, transaction


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
    with transaction.atomic():
        NumberSeries.objects.get_or_create(name=series)
        row = NumberSeries.objects.select_for_update().get(name=series)
        row.last += count
        row.save(update_fields=["last"])
    return range(row.last - count + 1, row.last + 1)
