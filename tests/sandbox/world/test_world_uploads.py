import pytest

JPEG = b"\xff\xd8\xff\xe0" + b"x" * 1000
BUCKET = "queenofsandiego.com"


@pytest.fixture
def signed(crew, event, web):
    crew.post("/events", json=event)
    return web.post(f"{crew.base_url}g/presign", json=asked()).json()


def asked(**changes):
    photo = {"booking_id": "XHQGMDH", "file_name": "me & you.jpg", "mime_type": "image/jpeg"}
    return {**photo, "file_size": len(JPEG), **changes}


def post(web, signed, body=JPEG, **fields):
    form = {**signed["fields"], **fields}
    return web.post(signed["url"], data=form, files={"file": ("p.jpg", body)})


def test_the_very_file_that_was_asked_for_is_stored(sandbox, signed, web):
    assert post(web, signed).status_code == 204
    key = signed["fields"]["key"]
    assert key.startswith("uploads/xhqgmdh/")
    assert sandbox.object(key) == JPEG


def test_a_larger_file_is_refused(sandbox, signed, web):
    assert "EntityTooLarge" in post(web, signed, JPEG + b"y").text
    assert sandbox.objects("uploads/") == []


def test_another_type_is_refused(sandbox, signed, web):
    assert post(web, signed, **{"Content-Type": "text/html"}).status_code == 403
    assert sandbox.objects("uploads/") == []


def test_another_key_is_refused(sandbox, signed, web):
    assert post(web, signed, key="g/xhqgmdh.html").status_code == 403
    assert sandbox.objects() == []


def test_a_file_that_is_no_photograph_is_not_signed_for(crew, event, web):
    crew.post("/events", json=event)
    url = f"{crew.base_url}g/presign"
    assert web.post(url, json=asked(mime_type="text/html")).status_code == 400
    assert web.post(url, json=asked(file_size=16 * 1024 * 1024)).status_code == 400


def test_after_the_cut_off_and_for_no_such_booking_the_answer_is_the_same(crew, event, web):
    over = {"start_time": "2020-05-30T10:00:00-07:00", "end_time": "2020-05-30T13:00:00-07:00"}
    crew.post("/events", json={**event, **over})
    url = f"{crew.base_url}g/presign"
    late = web.post(url, json=asked())
    never = web.post(url, json=asked(booking_id="aaaaaaa"))
    assert late.status_code == never.status_code == 403
    told = [{**answer.json(), "now": ""} for answer in (late, never)]  # but for the time of day
    assert told[0] == told[1]


def test_other_deployments_sign_a_put(sandbox, crew, event, web):
    crew.post("/events", json=event)
    sandbox.switch("crew", presign="put")
    try:
        url = web.post(f"{crew.base_url}g/presign", json=asked()).json()["url"]
    finally:
        sandbox.switch("crew", presign="post")
    assert web.put(url, content=JPEG, headers={"Content-Type": "image/jpeg"}).status_code == 200
    assert sandbox.object(sandbox.objects("uploads/")[0]) == JPEG


def test_the_guest_site_may_upload_from_a_browser(sandbox, web):
    headers = {
        "Origin": sandbox.urls["edge"],
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    allowed = web.options(f"{sandbox.env['AWS_ENDPOINT_URL']}/{BUCKET}", headers=headers)
    assert allowed.status_code == 200
    assert allowed.headers["Access-Control-Allow-Origin"] in (sandbox.urls["edge"], "*")
