"""`/api/evidence/verify/`: where the chain stands; POST verifies the ledger, or the PDF in the body."""

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api.parsers import OrjsonParser
from evidence.access import require_verification
from evidence.api.packs import JobAnswer, job_answer
from evidence.queries.checkpoints import ledger_state
from evidence.services.requests import request_ledger_verification, request_pack_verification
from evidence.services.uploads import keep_upload


class VerifyView(APIView):
    """Verification of the ledger, or of a pack sent as multipart field `file`."""

    parser_classes = [OrjsonParser, MultiPartParser]

    @extend_schema(operation_id="evidence_verify_state", responses={200: dict})
    def get(self, _request: Request) -> Response:
        """Return where the chain stands."""
        return Response(asdict(ledger_state()))

    @extend_schema(operation_id="evidence_verify", request=None, responses={202: JobAnswer})
    def post(self, request: Request) -> Response:
        """Start a verification; the job's result holds the verdicts."""
        user: Any = request.user
        actor = user.as_actor(channel="api", request_id=getattr(request._request, "id", ""))
        file = request.FILES.get("file")
        if file is not None:
            upload = keep_upload(file.read())
            return job_answer(request_pack_verification(actor=actor, upload=upload))
        require_verification(user)
        return job_answer(request_ledger_verification(actor=actor))
