"""What the demo community says: a small weather-station company, Larkspur, and the people who use its stations.

Everybody and everything here is invented.
"""

TOPICS = [
    ("Stations", "stations", [
        ("Setting up", "setting-up", "Unboxing, pairing, placing a station where the wind is honest.", True),
        ("Sensors", "sensors", "Readings you trust, readings you don’t, and calibration.", True),
        ("Power and batteries", "power", "Solar, winter, and what a battery does at −20 °C.", True),
    ]),
    ("Data", "data", [
        ("API and SDKs", "api", "The HTTP API, the Python and JavaScript libraries, webhooks.", True),
        ("Dashboards", "dashboards", "Charts, alerts and sharing them.", True),
        ("Exports", "exports", "CSV, Parquet, and getting ten years of rain into a spreadsheet.", True),
    ]),
    ("Community", "community", [
        ("Announcements", "announcements", "What is new, from the people who make it.", False),
        ("Show and tell", "show-and-tell", "What you built with it.", False),
        ("Introductions", "introductions", "Say hello, and what your sky looks like.", False),
    ]),
]  # fmt: skip

# Which topic the pages of the example docs site ask in: beginning of the path, topic, listed in the forum.
DOCS_RULES = [
    ("/docs", "setting-up", True),
    ("/docs/install", "setting-up", True),
    ("/docs/api", "api", False),
]
DOCS_EDIT = "https://git.example.com/larkspur/docs/edit/main/{path}.md"
# Questions asked on its pages: author, path, subject, body, replies by author, place of the solution among them, days ago.
DOCS_QUESTIONS = [
    ("ola", "/docs/install", "Ten metres from anything higher: does a hedge count?",
     "The only free spot is four metres from a hedge of two metres. Will the wind be wrong?",
     [("piet", "A hedge counts. Put the mast at twice the hedge’s height above it, four metres over ground, and the error is below five percent."),
      ("ola", "Four metres it is. Thank you, the gusts look right now.")], 0, 8),
    ("jonas", "/docs/install/linux", "Pairing says permission denied on /dev/ttyUSB0",
     "```\n$ larkspur-bridge pair --port /dev/ttyUSB0\nerror: cannot open port: permission denied\n```\n\nI am in `dialout` already.",
     [("hana", "Sign out and in again: groups hold from the next session on. If you use a container, pass the device with `--device /dev/ttyUSB0` too."),
      ("jonas", "It was the session. Pupils impressed.")], 0, 5),
    ("li", "/docs/api", "Is order=\"received\" also right for webhooks?",
     "The page speaks of paging only. Do webhooks arrive in the same order?", [], None, 2),
]  # fmt: skip

TEAMS = [
    ("Firmware", "firmware", "The part that runs outside in the rain."),
    ("Data platform", "data-platform", "Every reading, once."),
]

# By key: first name, last name, role, team, bio, place.
PEOPLE = {
    "mira": (
        "Mira",
        "Holtqvist",
        "member",
        "",
        "Grows apples on a slope with opinions about frost.",
        "Skåne",
    ),
    "jonas": (
        "Jonas",
        "Adeyemi",
        "member",
        "",
        "School teacher. My class runs a station on the roof.",
        "Leeds",
    ),
    "tove": ("Tove", "Brandvold", "member", "", "Sails, mostly in the wrong direction.", "Bergen"),
    "ruben": (
        "Rubén",
        "Castaño",
        "champion",
        "",
        "I answer battery questions so that you don’t have to buy a new one.",
        "Valladolid",
    ),
    "li": ("Li Na", "Zhou", "member", "", "Python by day, rain gauges by night.", "Chengdu"),
    "sam": ("Samira", "Benhaddou", "member", "", "Rooftop gardens and too many spreadsheets.", "Rabat"),
    "piet": ("Piet", "van der Merwe", "member", "", "Retired surveyor. I level things.", "Paarl"),
    "ola": ("Ola", "Wójcik", "member", "", "First station, many questions.", "Gdynia"),
    "hana": (
        "Hana",
        "Kobayashi",
        "moderator",
        "firmware",
        "Firmware at Larkspur. I like logs with timestamps.",
        "Sendai",
    ),
    "eddie": ("Eddie", "Marsh", "moderator", "data-platform", "Exports and the API at Larkspur.", "Cork"),
    "nell": ("Nell", "Abernathy", "admin", "data-platform", "I keep the lights on here.", "Dundee"),
}

# Author, topic, subject, tags, body, replies by author, place of the solution among them, days ago, votes.
THREADS = [
    ("mira", "sensors", "Humidity sticks at 100 % long after the fog is gone", ["humidity", "calibration"],
     "After every foggy morning the station reports **100 %** until the afternoon, while the neighbour’s shows 71 %.\n\nThe raw values, from the API:\n\n```json\n{\"sensor\": \"hum-2\", \"raw\": 4093, \"percent\": 100.0}\n```\n\nIs the sensor wet inside, or is it the conversion?",
     [("piet", "Look at the little white cap. If it has a grey film, it holds water like a sponge. Mine cleared with distilled water and a day in the sun."),
      ("hana", "`raw: 4093` is saturation, so the sensor itself says 100 %. Firmware **2.8** has a heater cycle that dries it:\n\n1. Settings → Sensors → hum-2\n2. Turn on *Dry after saturation*\n3. Wait one cycle, about 40 minutes\n\nIf it still reads 4093 after that, the cap needs replacing: we send you one."),
      ("mira", "The heater did it. 73 % now, and the neighbour is jealous."),
      ("li", "Same here after the monsoon. Thank you for the raw value hint, I had been looking at percent only.")], 1, 19, 7),
    ("jonas", "power", "How long does a station last without sun in a northern winter?", ["battery", "winter"],
     "Our roof gets no direct sun from mid November to late January. Does the battery carry it, or do I climb up there in the snow with thirty children watching?",
     [("ruben", "Forty to fifty days at the normal rate. What helps:\n\n| Interval | Days at 5 °C | Days at −10 °C |\n|---|---|---|\n| 1 min | 21 | 14 |\n| 5 min | 52 | 37 |\n| 15 min | 80 | 61 |\n\nSet **five minutes** for the winter and nobody climbs."),
      ("hana", "Rubén’s table matches ours. From 2.9 the station does this by itself below 3.5 V."),
      ("tove", "On the boat I use 15 minutes all winter. No complaints, except from the gulls.")], 0, 26, 11),
    ("li", "api", "Cursor returns the same page twice when readings arrive late", ["python", "pagination"],
     "I page through readings with the Python SDK and count duplicates:\n\n```python\nfrom larkspur import Client\n\nclient = Client(token=TOKEN)\nseen = set()\nfor reading in client.readings(station=\"roof\", since=\"2026-10-01\"):\n    assert reading.id not in seen, reading.id\n    seen.add(reading.id)\n```\n\nThe assertion fails about once in 3,000 readings. Is `since` compared with the time of measuring or of arriving?",
     [("eddie", "Of measuring, and that is the problem: a late reading moves what is behind it by one. Use the arrival order, it never moves:\n\n```python\nclient.readings(station=\"roof\", since=\"2026-10-01\", order=\"received\")\n```\n\nIt will be the default in the next major version."),
      ("li", "Zero duplicates over two million rows. Could the docs say so in the first paragraph?"),
      ("eddie", "They do now.")], 0, 9, 14),
    ("sam", "exports", "CSV export turns 1,5 into two columns", ["csv", "locale"],
     "My spreadsheet is set to French. The export writes `1,5` with a comma **and** separates columns with a comma. Every temperature becomes two cells.\n\n- [x] tried another browser\n- [x] tried the import wizard\n- [ ] tried giving up",
     [("jonas", "There is a hidden switch: add `&separator=semicolon` to the address of the export."),
      ("eddie", "Not so hidden any more: Export → Format → *Decimal comma*. It writes semicolons between columns.")], 1, 12, 6),
    ("ola", "setting-up", "Which way does the arrow on the wind vane point?", ["wind"],
     "The leaflet shows an arrow and the letter N. Does N point to the north, or to where the wind comes from when it is a north wind? They are not the same, are they?",
     [("piet", "They are the same on a calm day. Point the *mast’s* N to the north, true north, not the compass one. At your place the difference is about seven degrees."),
      ("tove", "And tighten it twice. Mine turned in the first gale and all of March was wrong.")], 0, 5, 4),
    ("tove", "sensors", "Salt on the rain gauge: how often do you clean yours?", ["rain", "marine"],
     "I am 80 m from the water. After two weeks the tipping bucket sticks and I lose the light rain. Every two weeks is too often for somebody who is supposed to be sailing.",
     [("piet", "A drop of silicone oil on the pivot. Not on the bucket."), ("ruben", "There is a coated bucket in the shop since spring. It costs less than your afternoons.")], None, 3, 5),
    ("jonas", "dashboards", "Can thirty pupils see one dashboard without thirty accounts?", ["sharing"],
     "I would like a link that shows the roof station on the classroom screen and lets nobody change anything.", [], None, 1, 3),
    ("li", "api", "Webhook arrives twice after a timeout", ["webhooks"],
     "My endpoint answered after 16 seconds and the same event came again with the same `webhook-id`. Is that how it should be?",
     [("eddie", "Yes: we wait 15 seconds, then send again. Keep the `webhook-id` and drop what you have seen.")], None, 2, 2),
    ("mira", "exports", "Parquet files by year instead of by month?", ["parquet"],
     "Ten years are 120 files. Is there a way to get one a year?", [], None, 0, 1),
    ("ola", "power", "The status light blinks amber three times, then nothing", ["battery"],
     "It started this morning. The battery shows 3.61 V. What do three blinks mean?", [], None, 0, 0),
    ("hana", "announcements", "Firmware 2.9: winter mode, faster pairing, a quieter radio", ["release"],
     "It goes out this week, a tenth of the stations a day.\n\n## What is new\n\n- **Winter mode.** Below 3.5 V the station measures every 15 minutes and says so.\n- **Pairing** takes 20 seconds instead of 90.\n- The radio sleeps between packets: about 6 % less power.\n\nAsk here if anything looks odd. :tada:",
     [("ruben", "Winter mode! I can retire."), ("jonas", "The class says thank you. They had drawn a poster.")], None, 6, 18),
    ("piet", "show-and-tell", "A mast from a broken surveyor’s tripod", ["diy"],
     "It stands level by design, which is more than I can say for the shed.\n\n{picture}\n\nThree bolts, one clamp, and thirty years of habit.",
     [("tove", "This is beautiful. What holds it in a gale?"), ("piet", "Forty kilos of bricks in a crate below the legs.")], None, 8, 21),
    ("sam", "introductions", "Hello from a roof in Rabat", [],
     "Nine square metres, forty pots, one station. I am here to find out when to water. The sky is blue and unhelpful.",
     [("mira", "Welcome. Ask about anything but frost."), ("hana", "Hello Samira. Put the sensor in the shade of a pot, not of a wall.")], None, 15, 9),
    ("ola", "introductions", "New here, with a view of the harbour", [],
     "I got the station for my birthday and have read the leaflet twice. Hello to everybody.", [("ruben", "Happy late birthday. The leaflet is better the third time.")], None, 4, 6),
]  # fmt: skip

LONG = ("ruben", "show-and-tell", "Post your coldest reading of the year", ["winter"],
        "One line each: how cold, where, and what broke.", 24, 2)  # fmt: skip
COLD = [
    "−18.4 °C by the stream. The gate.", "−11 °C on the roof. Nothing, we are proud of it.", "−23.9 °C. My will.", "−6 °C, but windy. The umbrella.",
    "−14.2 °C in the orchard. Two nights of sleep.", "−9 °C on deck. The kettle.", "+4 °C. We call that winter.", "−20.1 °C. The thermometer was fine, the reader was not.",
]  # fmt: skip
