"""Base model and background jobs."""

from common.models.base import BaseModel
from common.models.job import Job, JobState

__all__ = ["BaseModel", "Job", "JobState"]
