"""Base model and background jobs."""

from common.models.base import BaseModel
from common.models.job import Job, JobState
from common.models.number_series import NumberSeries, take_numbers

__all__ = ["BaseModel", "Job", "JobState", "NumberSeries", "take_numbers"]
