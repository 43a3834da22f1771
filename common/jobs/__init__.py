"""Background work: `enqueue` on one side, `@job_task` on the other, and a Job row as the truth between them.

A task's function takes a JobRun and the arguments given to `enqueue`; it must be safe to run twice.
"""

from common.jobs.queueing import enqueue, jobs_visible_to, request_cancel, unfinished_jobs
from common.jobs.reaper import reap
from common.jobs.runs import JobCancelledError, JobRun, job_task

__all__ = [
    "JobCancelledError",
    "JobRun",
    "enqueue",
    "job_task",
    "jobs_visible_to",
    "reap",
    "request_cancel",
    "unfinished_jobs",
]
