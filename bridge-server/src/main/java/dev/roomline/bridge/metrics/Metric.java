package dev.roomline.bridge.metrics;

import java.util.List;

/** Every metric of ours, once: name as scraped, kind, labels, what it tells. */
@SuppressWarnings("ImmutableEnumChecker") // the list is unmodifiable
public enum Metric {
    SIP_REQUESTS(
            "roomline_sip_requests_total",
            Kind.COUNTER,
            "SIP requests received, by method; methods that are not known are \"other\".",
            "method"),
    SIP_REFUSALS(
            "roomline_sip_refusals_total",
            Kind.COUNTER,
            "SIP requests refused before they became a call, by reason of the end table.",
            "reason"),
    SIP_DROPS(
            "roomline_sip_drops_total",
            Kind.COUNTER,
            "SIP datagrams, connections and messages dropped by the transports, by reason;"
                    + " kernel_buffer_full is the kernel's own count.",
            "reason"),
    CALLS_STARTED(
            "roomline_calls_started_total",
            Kind.COUNTER,
            "Calls that began, by direction.",
            "direction"),
    CALLS_ENDED(
            "roomline_calls_ended_total",
            Kind.COUNTER,
            "Calls that ended, by direction, reason and who caused it.",
            "direction",
            "reason",
            "culprit"),
    CALL_SETUP(
            "roomline_calls_setup_seconds",
            Kind.TIMER,
            "Time from an INVITE to its 200, by direction.",
            "direction"),
    CALLS_ACTIVE("roomline_calls_active", Kind.GAUGE, "Calls that are not over."),
    PARTICIPANTS("roomline_rooms_participants", Kind.GAUGE, "Participants in all rooms."),
    ROOMS("roomline_rooms_active", Kind.GAUGE, "Rooms with at least one participant."),
    LOOP_UTILISATION(
            "roomline_media_loop_utilisation_ratio",
            Kind.GAUGE,
            "Share of the last second that a media loop was busy, 0 to 1.",
            "loop"),
    LOOP_LATE_TICKS(
            "roomline_media_loop_late_ticks_total",
            Kind.COUNTER,
            "Ticks that began more than 5 ms after they were due, by media loop.",
            "loop"),
    LOOP_LEGS("roomline_media_loop_legs", Kind.GAUGE, "Legs that live on a media loop.", "loop"),
    MEDIA_DROPS(
            "roomline_media_drops_total",
            Kind.COUNTER,
            "Packets and media events dropped or refused, by reason.",
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
        TIMER
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

    /** As the registry wants it: without the suffixes that it adds itself. */
    String registered() {
        return scraped.replaceFirst("_total$", "").replaceFirst("_seconds$", "");
    }
}
