package dev.roomline.bridge.metrics;

import java.util.List;

/** Every metric of ours, once: name as scraped, kind, labels, what it tells. */
@SuppressWarnings("ImmutableEnumChecker") // the lists are unmodifiable
public enum Metric {
    CALLS_ACTIVE(
            "roomline_calls_active",
            Kind.GAUGE,
            "Calls by what they wait for: screening (who calls?), ringing, answered, ending (our BYE"
                    + " is not confirmed).",
            "state"),
    CALLS_STARTED(
            "roomline_calls_started_total",
            Kind.COUNTER,
            "Calls that were let in, by direction.",
            "direction"),
    CALLS_ENDED(
            "roomline_calls_ended_total",
            Kind.COUNTER,
            "Calls that ended, by direction, reason and who caused it.",
            "direction",
            "reason",
            "culprit"),
    CALLS_ASKED(
            "roomline_calls_asked_total",
            Kind.COUNTER,
            "Callers who were asked for a room code or PIN by voice, by outcome: entered, wrong (three"
                    + " times), silent, hopeless (right, but the room is full or the server cannot).",
            "outcome"),
    CALLS_TRANSFERRED(
            "roomline_calls_transferred_total",
            Kind.COUNTER,
            "Transfers of calls (REFER), by outcome: transferred (the new party answered), failed (it"
                    + " did not), refused (the far end does not take REFER), unknown (nobody said).",
            "outcome"),
    CALL_SETUP(
            "roomline_calls_setup_seconds",
            Kind.HISTOGRAM,
            "Time from an INVITE to its 200, by direction.",
            "direction"),
    CALL_MOS(
            "roomline_calls_mos",
            Kind.HISTOGRAM,
            "Mean opinion score (G.107) of answered calls at their end, of what the peer sent"
                    + " (received) and of what we sent.",
            "direction"),
    CALL_LOSS(
            "roomline_calls_loss_ratio",
            Kind.HISTOGRAM,
            "Share of a call's packets that were lost, at its end.",
            "direction"),
    CALL_BURST_RATIO(
            "roomline_calls_burst_ratio",
            Kind.HISTOGRAM,
            "How losses of what the peer sent came (G.107), at the call's end: 1 at random, more in"
                    + " runs; of calls with five losses or more."),
    CALL_JITTER(
            "roomline_calls_jitter_seconds",
            Kind.HISTOGRAM,
            "Interarrival jitter of a call (RFC 3550), at its end.",
            "direction"),
    CALL_ROUND_TRIP(
            "roomline_calls_round_trip_seconds",
            Kind.HISTOGRAM,
            "Round trip of a call's media by RTCP, at its end."),
    CALL_CONCEALED(
            "roomline_calls_concealed_ratio",
            Kind.HISTOGRAM,
            "Share of what was heard of a call that had to be made up, at its end."),
    BROWSER_MOS(
            "roomline_browsers_mos",
            Kind.HISTOGRAM,
            "Mean opinion score (G.107) of browsers and programs when they left, of what they sent"
                    + " (received) and of what we sent.",
            "direction"),
    BROWSER_LOSS(
            "roomline_browsers_loss_ratio",
            Kind.HISTOGRAM,
            "Share of a browser's or program's packets that were lost, when it left.",
            "direction"),
    BROWSER_BURST_RATIO(
            "roomline_browsers_burst_ratio",
            Kind.HISTOGRAM,
            "How losses of what a browser or program sent came (G.107), when it left: 1 at random,"
                    + " more in runs; of those with five losses or more."),
    BROWSER_JITTER(
            "roomline_browsers_jitter_seconds",
            Kind.HISTOGRAM,
            "Interarrival jitter of a browser or program (RFC 3550), when it left.",
            "direction"),
    BROWSER_ROUND_TRIP(
            "roomline_browsers_round_trip_seconds",
            Kind.HISTOGRAM,
            "Round trip of a browser's or program's media by RTCP, when it left."),
    BROWSER_CONCEALED(
            "roomline_browsers_concealed_ratio",
            Kind.HISTOGRAM,
            "Share of what was heard of a browser or program that had to be made up, when it left."),
    SIP_REQUESTS(
            "roomline_sip_requests_total",
            Kind.COUNTER,
            "SIP requests received, by method; methods that are not known are \"other\".",
            "method"),
    SIP_REFUSALS(
            "roomline_sip_refusals_total",
            Kind.COUNTER,
            "SIP messages refused before they became a call, by reason; overloaded are the 503s of"
                    + " overload.",
            "reason"),
    SIP_REGISTRATIONS(
            "roomline_sip_registrations",
            Kind.GAUGE,
            "Phones of accounts that are registered now."),
    SIP_REGISTERS(
            "roomline_sip_registers_total",
            Kind.COUNTER,
            "REGISTERs of accounts that authenticated, by what became of them: bound (fresh or"
                    + " refreshed), removed, queried, or refused.",
            "outcome"),
    SIP_REGISTRATIONS_ENDED(
            "roomline_sip_registrations_ended_total",
            Kind.COUNTER,
            "Registrations of phones that ended, by reason.",
            "reason"),
    SIP_DROPS(
            "roomline_sip_drops_total",
            Kind.COUNTER,
            "SIP datagrams, connections and messages dropped by the transports, by reason;"
                    + " kernel_buffer_full is the kernel's own count.",
            "reason"),
    SIP_MESSAGES(
            "roomline_sip_messages_total",
            Kind.COUNTER,
            "SIP messages, by direction and transport.",
            "direction",
            "transport"),
    HEP_PACKETS(
            "roomline_hep_packets_total",
            Kind.COUNTER,
            "SIP messages for the Homer server, by outcome: sent, queue_full (dropped), unsent (the"
                    + " network took it not, or the name has no address).",
            "outcome"),
    SIP_RETRANSMISSIONS(
            "roomline_sip_retransmissions_total",
            Kind.COUNTER,
            "Requests that came again (received) and messages that we sent again for want of an"
                    + " answer (sent).",
            "direction"),
    SIP_TRANSACTIONS(
            "roomline_sip_transactions",
            Kind.GAUGE,
            "Living SIP transactions, by our side of them.",
            "side"),
    SIP_DIALOGS("roomline_sip_dialogs", Kind.GAUGE, "Living SIP dialogs, early ones included."),
    SIP_TCP("roomline_sip_tcp_connections", Kind.GAUGE, "Open TCP connections of SIP."),
    SIGNAL_UTILISATION(
            "roomline_signal_loop_utilisation_ratio",
            Kind.GAUGE,
            "Share of the last second that the signalling loop was busy, 0 to 1."),
    SIGNAL_LAG(
            "roomline_signal_loop_lag_seconds",
            Kind.GAUGE,
            "How late the signalling loop's timers ran at worst in the last second."),
    SIGNAL_QUEUE(
            "roomline_signal_loop_queue", Kind.GAUGE, "Tasks that wait for the signalling loop."),
    SIP_WAITING(
            "roomline_sip_queue_messages",
            Kind.GAUGE,
            "Messages that have been read and wait for the SIP core, by rank: living (of calls),"
                    + " known (new calls with a fresh nonce or from a trunk's address), stranger.",
            "rank"),
    SIP_WAIT(
            "roomline_sip_queue_wait_seconds",
            Kind.GAUGE,
            "The longest that a message waited for the SIP core in the last second, by rank.",
            "rank"),
    LOOP_UTILISATION(
            "roomline_media_loop_utilisation_ratio",
            Kind.GAUGE,
            "Share of the last second that a media loop was busy, by the processor or by the clock,"
                    + " whichever is more, 0 to 1.",
            "loop"),
    LOOP_LEGS("roomline_media_loop_legs", Kind.GAUGE, "Legs that live on a media loop.", "loop"),
    LOOP_QUEUE(
            "roomline_media_loop_queue",
            Kind.GAUGE,
            "Posted messages that wait for a media loop.",
            "loop"),
    TICKS("roomline_media_ticks_total", Kind.COUNTER, "Ticks of rooms that ran.", "loop"),
    LATE_TICKS(
            "roomline_media_late_ticks_total",
            Kind.COUNTER,
            "Ticks that began more than so many milliseconds after they were due, skipped ones"
                    + " included; each bound counts those beyond it.",
            "loop",
            "over_ms"),
    TICK_LATENESS(
            "roomline_media_tick_lateness_worst_seconds",
            Kind.GAUGE,
            "The latest tick of the last half minute to minute.",
            "loop"),
    PACKETS(
            "roomline_media_packets_total",
            Kind.COUNTER,
            "RTP packets accepted and sent.",
            "direction"),
    PACKETS_LOST(
            "roomline_media_packets_lost_total",
            Kind.COUNTER,
            "Packets of sound that had not come when their moment came, or, of what is handed on as"
                    + " it comes, that are missing in the row. Each once."),
    PACKETS_LATE(
            "roomline_media_packets_late_total",
            Kind.COUNTER,
            "Packets of sound that came after their moment."),
    PACKETS_REPORTED_LOST(
            "roomline_media_packets_reported_lost_total",
            Kind.COUNTER,
            "Packets that we sent and that browsers and phones report by RTCP not to have got."),
    PLAYED(
            "roomline_media_played_seconds_total",
            Kind.COUNTER,
            "Sound of phones that was played out, made-up sound included."),
    CONCEALED(
            "roomline_media_concealed_seconds_total",
            Kind.COUNTER,
            "Sound that was made up for what was lost or late."),
    RECOVERED(
            "roomline_media_recovered_seconds_total",
            Kind.COUNTER,
            "Sound that forward error correction brought back."),
    JITTER_DELAY_MEAN(
            "roomline_media_jitter_delay_mean_seconds",
            Kind.GAUGE,
            "What jitter buffers add now, the mean of those in use.",
            "loop"),
    JITTER_DELAY_WORST(
            "roomline_media_jitter_delay_worst_seconds",
            Kind.GAUGE,
            "What jitter buffers add now, the largest.",
            "loop"),
    MEDIA_DROPS(
            "roomline_media_drops_total",
            Kind.COUNTER,
            "Packets and media events dropped or refused, by reason; rtp_flood: a peer sent more than"
                    + " 200 packets a second for longer than two seconds; dtmf_flood: more than 25 keys a"
                    + " second for longer than one; slot_flood: a second more of sound than of time.",
            "reason"),
    LEGS_LOST(
            "roomline_media_legs_lost_total",
            Kind.COUNTER,
            "Participants whose media ended by itself, by reason: dtls_closed is browsers', port_closed"
                    + " and media_timeout are phones', dtls_failed and consent_expired (ICE) both's.",
            "reason"),
    PARTICIPANTS("roomline_rooms_participants", Kind.GAUGE, "Participants in all rooms."),
    ROOMS("roomline_rooms_active", Kind.GAUGE, "Rooms with at least one participant."),
    JOINS("roomline_rooms_joins_total", Kind.COUNTER, "Browsers and programs that came in."),
    JOIN_REFUSALS(
            "roomline_rooms_joins_refused_total",
            Kind.COUNTER,
            "Browsers and programs that were not let in, by reason.",
            "reason"),
    STORE(
            "roomline_store_operation_seconds",
            Kind.HISTOGRAM,
            "Time that a statement of the store took, by kind: read or write.",
            "kind"),
    STORE_FAILURES(
            "roomline_store_failures_total", Kind.COUNTER, "Statements of the store that failed."),
    EVENTS("roomline_events_published_total", Kind.COUNTER, "Events that were told."),
    EVENT_READERS("roomline_events_readers", Kind.GAUGE, "Readers of events by SSE."),
    EVENT_READERS_CUT(
            "roomline_events_readers_cut_total",
            Kind.COUNTER,
            "Readers of events that were too slow and were cut off."),
    WEBHOOK_DELIVERIES(
            "roomline_webhook_deliveries_total",
            Kind.COUNTER,
            "Tries to deliver an event to a webhook, by outcome: delivered, failed (it is tried"
                    + " again), given_up.",
            "outcome"),
    WEBHOOK_ANSWER(
            "roomline_webhook_answer_seconds",
            Kind.HISTOGRAM,
            "Time until a webhook answered, or did not in time."),
    ROUTES_ASKED(
            "roomline_webhook_routes_total",
            Kind.COUNTER,
            "Applications asked where a call to one of their numbers goes, by outcome: room, reject,"
                    + " failed (no answer in time, or one that makes no sense; the caller is asked for a"
                    + " room code instead).",
            "outcome"),
    ROUTE_ANSWER(
            "roomline_webhook_route_answer_seconds",
            Kind.HISTOGRAM,
            "Time that a caller waited for such an answer."),
    WEBHOOK_WAITING(
            "roomline_webhook_deliveries_waiting",
            Kind.GAUGE,
            "Deliveries to webhooks that are not done yet."),
    WEBHOOK_EVENTS_LOST(
            "roomline_webhook_events_lost_total",
            Kind.COUNTER,
            "Events that were gone before they were written down for webhooks: the store was away"
                    + " for too long."),
    OVERLOADED(
            "roomline_overload_active",
            Kind.GAUGE,
            "1 while new calls are shed because the server has enough."),
    OVERLOAD_ADMITTED(
            "roomline_overload_admitted_ratio",
            Kind.GAUGE,
            "Share of new calls that is let in, 0 to 1; 1 while there is no overload. By rank: known"
                    + " (a fresh nonce of ours, a trunk's address) or stranger.",
            "rank"),
    OVERLOAD_STRAIN(
            "roomline_overload_strain_ratio",
            Kind.GAUGE,
            "What strains the server, each by its limit: above 1 is too much.",
            "strain"),
    OVERLOADS("roomline_overload_entered_total", Kind.COUNTER, "How often overload began."),
    OVERLOAD_TIME("roomline_overload_seconds_total", Kind.COUNTER, "How long it lasted."),
    DRAINING(
            "roomline_server_draining",
            Kind.GAUGE,
            "1 while no new calls are taken because the server drains or stops."),
    TRUNKS(
            "roomline_trunks",
            Kind.GAUGE,
            "Trunks by how they are: up, down (OPTIONS or REGISTER fails), unknown (not asked, or not"
                    + " answered yet). Which one is down: the log, or GET /v1/trunks.",
            "state"),
    TRUNK_CHANGES(
            "roomline_trunks_changes_total",
            Kind.COUNTER,
            "How often a trunk became up, down or unknown.",
            "state"),
    TRUNK_REGISTRATIONS(
            "roomline_trunks_registrations_total",
            Kind.COUNTER,
            "How often a registrar bound us anew (bound), or a REGISTER came to nothing (failed);"
                    + " refreshes are not counted.",
            "outcome"),
    TRUNK_FAILOVERS(
            "roomline_trunks_failovers_total",
            Kind.COUNTER,
            "Calls that went on to the next trunk (or an account's next telephone) before anything"
                    + " rang, by what the one before had answered.",
            "reason"),
    QUEUE_REFUSALS(
            "roomline_server_queue_refusals_total",
            Kind.COUNTER,
            "Messages between threads that a full queue refused, by queue.",
            "queue"),
    FAULTS(
            "roomline_server_faults_total",
            Kind.COUNTER,
            "Bugs: exceptions caught at an owner's edge, by place. Alert on any.",
            "place"),
    HEAP_LEFT(
            "roomline_server_heap_after_collection_ratio",
            Kind.GAUGE,
            "Share of the heap that the last collections left in use, 0 to 1."),
    DIRECT_MEMORY(
            "roomline_server_direct_memory_bytes",
            Kind.GAUGE,
            "Memory outside the heap that network buffers hold."),
    HTTP_REQUESTS(
            "roomline_http_requests_total",
            Kind.COUNTER,
            "HTTP requests answered by the API, by route and status class.",
            "route",
            "status"),
    HTTP_BUSY(
            "roomline_http_requests_active", Kind.GAUGE, "HTTP requests that are being answered.");

    /** What a metric does. */
    public enum Kind {
        COUNTER,
        GAUGE,
        HISTOGRAM
    }

    private final String scraped;
    private final Kind kind;
    private final String help;
    private final List<String> labels;

    Metric(String scraped, Kind kind, String help, String... labels) {
        this.scraped = scraped;
        this.kind = kind;
        this.help = help;
        this.labels = List.of(labels);
    }

    /** As it stands in the exposition. */
    public String scraped() {
        return scraped;
    }

    public Kind kind() {
        return kind;
    }

    public String help() {
        return help;
    }

    public List<String> labels() {
        return labels;
    }

    /** As the registry wants it: without the suffix that it adds itself. */
    String registered() {
        return scraped.replaceFirst("_total$", "");
    }
}
