"""Each mail leads to the page of its report; while no link can be signed, mails wait."""

import re

import boto3

from functions.bootstrap.worker import worker_parts
from functions.domain.model import Status
from tests.functions.events import a_body


def test_a_mail_leads_to_the_page_where_its_sign_in_is_reported(
    api, worker, report_door, cloud, clock
):
    job_id = api.accept(a_body(locale="en"))
    worker.take(cloud.receive())
    [mail] = cloud.mails
    [token] = set(re.findall(r"https://notices\.yellow-books\.example/report/([\w-]+)", mail.body))
    assert cloud.links(clock).read(token).job_id == job_id
    assert report_door.confirm(token).status == 200


def test_while_links_cannot_be_signed_mails_wait_and_no_attempt_counts(
    api, open_worker, out_of_reach, put_off, cloud, said
):
    job_id = api.accept(a_body())
    silent = out_of_reach("SECRETS_MANAGER", worker_parts).renderer
    [record] = cloud.receive()

    assert open_worker(renderer=silent, queue=put_off).take([record]) == {record["messageId"]}

    assert list(put_off.waits.values()) == [60]
    assert cloud.mails == []
    assert api.stored(job_id).attempt_count == 0
    assert said.logged("signing key out of reach")["job_id"] == job_id
    assert said.counted("SigningKeyOutOfReach") == [1.0]


def test_mails_wait_for_a_signing_key_that_does_not_exist_and_leave_when_it_does(
    api, open_worker, put_off, cloud, settings
):
    job_id = api.accept(a_body())
    gone = settings.model_copy(update={"link_key_secret_arn": "made-too-late"})
    worker = open_worker(renderer=worker_parts(gone).renderer, queue=put_off)
    [record] = cloud.receive()

    assert worker.take([record]) == {record["messageId"]}
    assert (api.stored(job_id).status, api.stored(job_id).attempt_count) == (Status.RETRYING, 0)

    boto3.client("secretsmanager").create_secret(Name="made-too-late", SecretString="a-key")
    assert worker.take([record]) == set()
    assert api.stored(job_id).status is Status.COMPLETED
