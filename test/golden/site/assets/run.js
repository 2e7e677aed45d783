window.pstraceRun = {"generatedAtIso":"2026-03-01T12:00:00Z","intervalSeconds":28800};
