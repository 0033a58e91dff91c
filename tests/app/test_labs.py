"""What all labs promise: defaults for everything, presets that work, a request that can be sent again."""

from starlette.testclient import TestClient


def test_every_preset_of_every_lab_is_a_body(client: TestClient) -> None:
    for name, lab in client.get("/api/v1/catalog").json()["labs"].items():
        assert lab["presets"], name
        for body in ({}, *(preset["body"] for preset in lab["presets"])):
            reply = client.post(f"/api/v1/{name}", json=body)
            assert reply.status_code == 200, (name, body, reply.text)
            again = client.post(f"/api/v1/{name}", json=reply.json()["request"])
            assert again.json() == reply.json(), (name, body)
            assert reply.json()["explanation"]["microsteps"]
