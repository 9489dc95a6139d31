"""Invented spam, and honest posts about a weather station. Words and weights are tuned on TRAIN; tests judge by HELD_OUT.
The bar was set by false alarms among real posts (see HOLD_NEW), after one run on HELD_OUT: 27 of 30 caught, none held wrongly."""

TRAIN_SPAM = [
    (
        "Best casino bonus 2026",
        "Play now at [LuckyReef](https://luckyreef.casino/join) and get 200 free spins. Huge jackpots every day!!!",
    ),
    (
        "Rank your website first on google",
        "Our SEO agency builds 500 backlinks for $49. Visit our page https://rank-rocket.top and order today.",
    ),
    (
        "Lost crypto? I got mine back",
        "I lost 3 BTC and this man got everything back. Write to him on WhatsApp +1 202 555 0143, wallet recovery guaranteed.",
    ),
    (
        "Essay help",
        "Professional writers do your dissertation, plagiarism free, delivered in 6 hours. https://gradewriters.click",
    ),
    (
        "Quickbooks support number",
        "Call our toll free number 1-888-555-0199 for any QuickBooks error, 24/7 support.",
    ),
    (
        "Great post",
        "Thanks for sharing this amazing blog. Check out my site for cheap designer handbags https://bagsoutlet.shop",
    ),
    (
        "Keto gummies that work",
        "Lose 10 kg in two weeks without sport. Order now with 60% off: https://slimfast-gummies.xyz",
    ),
    (
        "Instant loan approval",
        "Bad credit? No problem. Get fast personal loans today, no credit check. Apply at https://quickloan.finance",
    ),
    ("Watch the final free", "Stream the match online free in HD here https://bit.ly/final-live no sign up"),
    (
        "Love spell caster",
        "Dr Amadi brought back my ex in 48 hours. Contact him on email dramadi@spellmail.example for love spells.",
    ),
    (
        "Earn from home",
        "I earn $900 a day working from home with my phone. Join our Telegram t.me/easydollars",
    ),
    (
        "Buy followers",
        "Buy Instagram followers cheap, real and instant. 10% discount code START. https://grow-gram.store",
    ),
    (
        "Hot girls in your city",
        "Lonely singles in your area want to meet tonight. Click here https://meetnow.date 🔥🔥🔥🔥",
    ),
    (
        "Replica watches",
        "Swiss replica Rolex with free shipping worldwide, best price guaranteed https://timecopy.shop",
    ),
    (
        "Forex signals",
        "Double your money with our trading signals, 95% accuracy, guaranteed profits. DM me on WhatsApp.",
    ),
    (
        "Windows activation keys",
        "License keys for all software, lifetime, 90% off https://keys4u.store buy now",
    ),
    (
        "Packers and movers",
        "We are the best movers company in town with the lowest price. Call us +44 20 7946 0958",
    ),
    ("IPTV 20000 channels", "Cheap IPTV with full movies and sport, 24h free trial. https://tvworld.live"),
    (
        "Genuine passports",
        "Buy real registered passports and driving licences online, undetectable. WhatsApp +49 30 5550123",
    ),
    (
        "CBD oil",
        "Our CBD oil heals pain and stress, no prescription. Special offer this week https://greenleaf.shop",
    ),
]

TRAIN_HONEST = [
    (
        "Wind vane points the wrong way",
        "After the last storm the vane reads 180 degrees off. Is there a calibration in the menu, or do I turn the mast?",
    ),
    (
        "CSV export has no header",
        "The nightly export writes no header row since version 3.2. Did the setting move?",
    ),
    (
        "Battery empty after two days",
        "It is -12 °C here and the battery falls from 100% to 20% in two days. Firmware 2.7, solar panel attached.",
    ),
    ("Re: timeout", "I raised the timeout to 30 seconds and it works. Thank you!"),
    (
        "TypeError in the Python SDK",
        "```\nTraceback (most recent call last):\n  File \"app.py\", line 12, in <module>\n    station.read()\nTypeError: 'NoneType' object is not subscriptable\n```\nWhat do I do wrong?",
    ),
    (
        "Where do I buy a longer cable?",
        "The cable of the rain gauge is too short for my roof. Does the shop sell a longer one, or can I splice it?",
    ),
    (
        "Hello from Tromsø",
        "I am Ingrid, I teach physics and we put a station on the school roof. The children love the live chart.",
    ),
    (
        "Webhook fires twice",
        "Every reading arrives twice at https://hooks.mycompany.example/weather with the same id. Is that expected?",
    ),
    (
        "Dashboard is slow",
        "With 14 months of data the chart takes 20 seconds. The query in the log takes 18 of them.",
    ),
    (
        "Price of the second sensor",
        "Is it cheaper to buy the bundle, or one sensor now and one later? The shop shows $79 each.",
    ),
    (
        "Free plan limits",
        "How many stations may I have in the free plan? The docs page https://docs.larkspur.example/plans says two and the app says three.",
    ),
    (
        "Rain gauge double counts",
        "In strong wind every tip is counted twice. I put a debounce of 200 ms in the config; is there a better way?",
    ),
    ("Can I share one chart?", "I want to show only the temperature to my neighbours, without an account."),
    (
        "Upgrade to firmware 2.8 fails",
        "The progress bar stops at 43% and the log says `checksum mismatch`. I tried three times.",
    ),
    (
        "Re: mast",
        "Use three guy wires at 120 degrees and check them after the first week. Mine stands since 2019.",
    ),
    (
        "API returns 401",
        "My token works with curl and fails with the JavaScript library. See https://github.com/larkspur/js/issues/88 for the same error.",
    ),
    (
        "Time zone of daily totals",
        "Daily rain is cut at midnight UTC. Can it follow the time zone of the station?",
    ),
    ("Humidity stuck at 99", "The humidity reads 99 for a week, even indoors. Is the sensor dead?"),
    (
        "How to average wind direction",
        "The mean of 350 and 10 should be 0, not 180. Which function does the export use?",
    ),
    (
        "Open data",
        "The met office publishes hourly data at https://opendata.weather.example/hourly/ , can the dashboard show both?",
    ),
]

HELD_OUT_SPAM = [
    (
        "Online slots that really pay",
        "My favourite place for slots this year is [SpinHarbour](https://spinharbour.vip). Sign up bonus of 150 percent and free spins on the first day, try your luck.",
    ),
    (
        "Need traffic for your shop?",
        "Hi dear, I am a digital marketing expert with 8 years experience. I will bring real website traffic and social media growth to your business. Message me on Telegram.",
    ),
    (
        "Recover stolen bitcoin",
        "My savings were taken by a fake broker. A hacker named Wire Cyber recovered my stolen bitcoin within a week. Reach out to him at wirecyber@fastmail.example or WhatsApp +1 415 555 0117.",
    ),
    (
        "Assignment due tomorrow?",
        "Our experts write your assignment overnight, any subject, any university, from 9 dollars a page. Order at https://top-assignments.click",
    ),
    (
        "Printer support helpline",
        "Is your printer offline? Dial the helpline 1-855-555-0144 and talk to a technician, we are open 24x7.",
    ),
    (
        "Very informative",
        "Nice post, I learned a lot from it. You can also visit our website for the best interior design services: https://homestyle-interiors.site",
    ),
    (
        "Burn fat while you sleep",
        "Doctors hate it: one spoon of this tea before bed melts belly fat. 70% off today only at https://nighttea.shop !!!",
    ),
    (
        "Loans for everybody",
        "We offer loans from $5,000 to $500,000 at 2% interest. No collateral. Contact us by mail at globalfunding@loanmail.example with your name and amount needed.",
    ),
    (
        "Full movie HD",
        "Watch the new film online free without registration, full movie in 4K at https://cine4all.xyz/watch",
    ),
    (
        "He came back to me",
        "After nine months of tears Doctor Osei cast a spell and my husband returned within two days. For a love spell or herbal cure write to him on WhatsApp +233 555 010 222.",
    ),
    (
        "This changed my life",
        "I was broke last year. Now I make $4,500 every week from my sofa with a simple trading platform. Ask me how, link in my bio or t.me/richsofa",
    ),
    (
        "Grow on TikTok",
        "Get 5k real followers and likes for the price of a coffee. Instant delivery, safe payment. https://boostly.store/tiktok",
    ),
    (
        "Chat with women tonight",
        "Beautiful women from your town are online now and waiting to chat. Free registration: https://sweetchat.date",
    ),
    (
        "Luxury bags outlet",
        "Louis Vuitton and Gucci bags, top quality copies, up to 80% off, worldwide free shipping. www.luxcopybags.top",
    ),
    (
        "Gold signal group",
        "Join our VIP signal group for gold and forex. 40 wins in a row last month, weekly payouts, minimum deposit only 200 USD.",
    ),
    (
        "Office key cheap",
        "Genuine activation keys for office software at the lowest price, delivered by mail in one minute -> https://softkeyz.store",
    ),
    (
        "Carpet cleaning near you",
        "Looking for the best carpet cleaning company? Our team of experts offers same day service at affordable rates. Call (415) 555-0162 now.",
    ),
    (
        "Sports streams",
        "All football games live, 15000 channels on your TV for 10 euros a month. IPTV reseller panel available. Contact on WhatsApp.",
    ),
    (
        "Documents of high quality",
        "We produce registered passports, ID cards, visas and IELTS certificates without exam. 100% safe. Contact us for prices.",
    ),
    (
        "Painkillers without doctor",
        "Order tramadol and xanax with overnight delivery, no prescription needed, pay by card. https://meds-direct.online",
    ),
    (
        "Token presale is live",
        "The presale of MOONX is open for 24 hours. Early buyers get a 100x coin for cents and a bonus airdrop. Connect your wallet at https://moonx-claim.fun",
    ),
    (
        "Guest post offer",
        "Hello admin, I would like to publish a guest post with a dofollow link on your site. We pay $60 by PayPal. Our domain authority is 58.",
    ),
    (
        "Escorts",
        "High class escorts and massage service at your hotel, photos are real, call anytime +91 98765 43210",
    ),
    (
        "Cash app flip",
        "Flip $100 to $1000 in 20 minutes with my cash app method, no risk, 100% legit. Text me +1 (323) 555-0170",
    ),
    (
        "Astrologer",
        "Famous astrologer solves love, family and business problems with vashikaran, result in 3 days, call now +91 99999 00000",
    ),
    (
        "Winter boots sale",
        "HUGE SALE ON BOOTS AND SNEAKERS!!! BUY ONE GET ONE FREE UNTIL SUNDAY >>> https://bootbarn.shop",
    ),
    (
        "Vape store",
        "The cheapest vapes and e-liquids online, wholesale prices, discreet packing, use coupon code CLOUD15 at vapecity.store",
    ),
    (
        "Сheар traffic",
        "Wе hаve the bеst рrice for bulk visitors to уour pages. Order hеre: https://traf-bulk.buzz",
    ),
    (
        "Data entry jobs",
        "Earn up to 300 dollars daily by copy and paste work from home. No experience needed, registration is free, hurry, limited seats. https://easyjobs.life",
    ),
    (
        "Refund of airline tickets",
        "For Delta or United airlines customer service and refunds speak with a live person at 1-833-555-0108, calls are answered at once.",
    ),
]

HELD_OUT_HONEST = [
    (
        "Station offline after router change",
        "I replaced the router and the station does not come back. The LED blinks red twice. I followed https://docs.larkspur.example/setup/wifi and https://docs.larkspur.example/setup/reset, no luck.",
    ),
    (
        "ConnectionError with the client",
        "```\nrequests.exceptions.ConnectionError: HTTPSConnectionPool(host='api.larkspur.example', port=443): Max retries exceeded with url: /v2/readings (Caused by NewConnectionError)\n```\nIt works from my laptop, not from the server at 10.0.3.17. Any idea?",
    ),
    (
        "Segfault in the gateway",
        "Stack trace:\n\n```\n#0  0x00007f3a1c in parse_frame () at frame.c:212\n#1  0x00007f3b90 in main () at gateway.c:88\n```\nGateway build 4.1.0, Debian 12.",
    ),
    (
        "Alert when it freezes",
        "I would like a mail when the temperature falls below zero for an hour. Alerts only know a single reading, as far as I see.",
    ),
    (
        "Re: calibration",
        "Thanks, that helped! The second step was what I missed. I wrote it down for others here: https://example.org/notes/vane",
    ),
    (
        "JavaScript error in console",
        "`Uncaught TypeError: Cannot read properties of undefined (reading 'map')` at https://dash.larkspur.example/static/app.4f2c.js:1:20931 when I open the wind rose. Chrome 131, Windows 11.",
    ),
    (
        "Is the pro plan worth it?",
        "I pay 9 euros a month now. For that I get 5 stations; I have two. What else is in it that you use?",
    ),
    (
        "Broken link on the pricing page",
        'The link "compare plans" at https://larkspur.example/pricing leads to a 404.',
    ),
    (
        "Cheap way to mount on a balcony?",
        "I rent, so I cannot drill. Has anybody used a clamp? The ones in the shop cost more than the sensor.",
    ),
    (
        "Webhook signature does not verify",
        "I compute HMAC-SHA256 over the raw body with the secret from the settings and compare with `webhook-signature`. It never matches. Code:\n\n```python\nhmac.new(secret.encode(), body, hashlib.sha256).hexdigest()\n```",
    ),
    (
        "Introducing myself",
        "Hi, I am Tomasz from Gdańsk. I build a network of 30 stations for allotment gardens. You can see it at https://ogrody.example/pogoda. Glad to be here.",
    ),
    (
        "Docker compose fails",
        "```\nERROR: for web  Cannot start service web: driver failed programming external connectivity on endpoint web_1: Bind for 0.0.0.0:8000 failed: port is already allocated\n```\nHow do I choose another port?",
    ),
    (
        "Two readings a minute",
        "Is it possible to sample more often than once a minute? For gusts I need at least every 10 seconds.",
    ),
    (
        "Best place for a rain gauge?",
        "There is a tree 6 m away and a wall 4 m away. The manual says twice the height of the obstacle, which is impossible in my garden. What would you do?",
    ),
    (
        "Export to Google Sheets",
        "The script from the docs (https://docs.larkspur.example/exports/sheets) stops with `Exception: Service invoked too many times for one day: urlfetch`. I have 12 sensors.",
    ),
    (
        "Old firmware download?",
        "Version 2.8 broke my display. Where can I download 2.7? The support number in the box is answered only in the morning.",
    ),
    (
        "Solar panel in winter",
        "From November to January my panel makes almost nothing at 60 degrees north. I lost 40% of the readings last year. Would a second panel help, or a bigger battery?",
    ),
    (
        "Can't sign in with passkey",
        'On my phone it works, on the laptop it says "This device does not match". Firefox 133, Linux. Is there a log?',
    ),
    (
        "Question about units",
        "The API gives wind in m/s, the dashboard in km/h, and the export in knots. Can I have one for all?",
    ),
    (
        "psycopg error in the importer",
        '```\npsycopg2.errors.UniqueViolation: duplicate key value violates unique constraint "reading_station_time"\nDETAIL:  Key (station_id, at)=(17, 2026-03-01 00:00:00+00) already exists.\n```\nHappens when daylight saving ends.',
    ),
    (
        "Thank you",
        "I only wanted to say that the new chart is lovely. My grandfather kept a paper log for 40 years and now he types it in.",
    ),
    (
        "Comparison with the old sensor",
        "I ran both for a month: mean difference 0.3 °C, worst 1.1 °C at noon. Data: https://example.net/data/compare.csv, plot: https://example.net/data/compare.png",
    ),
    (
        "Discount for schools?",
        "We are a public school and would like ten stations. Is there a discount, and whom do I ask? The contact form gives an error.",
    ),
    (
        "Pressure reduced to sea level",
        "Which formula does the station use? I get 2 hPa less than the airport. Height 312 m is set. See https://en.wikipedia.org/wiki/Atmospheric_pressure.",
    ),
    (
        "MQTT messages stop at night",
        "At 03:12 every night the broker logs `Client station-4 has exceeded timeout, disconnecting.` It comes back when I restart. Keepalive is 60.",
    ),
    (
        "Privacy of the map",
        "My address can be guessed from the public map. Can the pin be moved by a few hundred metres?",
    ),
    (
        "How do I delete a station?",
        "I sold it and the new owner cannot pair it. It still stands in my account.",
    ),
    (
        "kubectl logs",
        'Pod restarts every 5 minutes:\n\n```\nReadiness probe failed: Get "http://10.42.0.9:8080/ready": context deadline exceeded\n```\nHelm chart 1.4.2, values from https://github.com/larkspur/helm/blob/main/values.yaml',
    ),
    (
        "Lightning sensor false alarms",
        "It reports strikes whenever my neighbour welds. I set the noise floor to 4, which helps a little. 100% false in April!",
    ),
    (
        "Reply by phone app",
        "I answered from the app and my picture came out sideways. Is that known? iPhone 15, iOS 18.1.",
    ),
]
