"""The times and bounds both ends keep to. They are rules of safety: nothing in the environment changes them."""

#: A scan goes on for so long (seconds) after the collector last said something that the centre has acknowledged.
#: The centre acknowledges only while it looks at the kill switch, so no packet is later than this after it last did.
LEASE = 3.0
#: An order answers a challenge that is no older than this (seconds), and each challenge is good for one order.
CHALLENGE_LIFE = 10.0
#: A collector whose clock is further off (seconds) reads nothing: windows and consents end by its clock.
CLOCK_TOLERANCE = 10.0
#: Events are sent, and an empty word when there are none, this often (seconds).
BATCH_SECONDS = 0.2
#: So many events make a batch at once.
BATCH_EVENTS = 200
#: What was sent and not acknowledged is sent again after so long (seconds).
RESEND = 1.0
#: A collector that holds more than this unacknowledged (octets, sealed) stops.
MOST_HELD = 64 * 1024 * 1024
#: What a scan told last is offered to the centre for so long (seconds) after its end.
LINGER = 15.0
#: Scans of one collector at the same time.
MOST_SCANS = 4
#: The centre takes a collector for lost when it has told nothing for so long (seconds); by then its lease is over.
SILENCE = 6.0
#: The centre waits so long (seconds) for an answer to its first greeting, and for a lost collector to come back.
GREETING, RETURN = 10.0, 60.0
#: A greeting without an answer is repeated after so long (seconds).
GREET_AGAIN = 2.0
#: A scan that its collector gave up is taken up again this often at most.
MOST_SESSIONS = 6
#: Queues are looked at this often (seconds): while something runs, and while nothing does.
POLL, IDLE_POLL = 0.05, 0.25
