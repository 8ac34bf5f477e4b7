package dev.roomline.bridge.call;

import dev.roomline.bridge.call.EndReason.Culprit;
import dev.roomline.media.loop.MediaRoom.Refusal;
import dev.roomline.sip.endpoint.Addresses;
import dev.roomline.sip.endpoint.ClientEvent;
import dev.roomline.sip.endpoint.Tried;
import dev.roomline.sip.message.SipResponse;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a carrier says about a call that we placed, as a row of the table of endings. Stateless. */
final class CarrierEnd {
    private static final int MAX_QUOTED = 80;

    private CarrierEnd() {}

    /** A final response that no other try mends. */
    static CallEnd of(SipResponse response, boolean phone) {
        int status = response.status();
        String said = said(response);
        return switch (status) {
            case 486, 600 -> end(EndReason.BUSY, status, "The called party is busy" + said);
            case 603, 607, 608 ->
                    end(EndReason.DECLINED, status, "The called party declined" + said);
            case 408, 480, 487 ->
                    end(EndReason.NO_ANSWER, status, "The called party did not answer" + said);
            case 404, 410, 484, 604 ->
                    end(EndReason.NOT_FOUND, status, "The called number does not exist" + said);
            case 402, 403 ->
                    phone
                            ? end(EndReason.DECLINED, status, "The called party declined" + said)
                            : end(
                                    EndReason.FORBIDDEN_BY_CARRIER,
                                    status,
                                    "The carrier refused the call" + said);
            case 415, 488, 606 ->
                    new CallEnd(
                            EndReason.NO_COMMON_CODEC,
                            Culprit.CALLEE,
                            status,
                            "The far end takes none of the audio that was offered" + said,
                            List.of());
            default -> end(EndReason.CARRIER_FAILED, status, "The carrier failed the call" + said);
        };
    }

    private static CallEnd end(EndReason reason, int status, String text) {
        return CallEnd.of(reason, text).answered(status);
    }

    /** Its own words, bounded: status, phrase, and the headers in which carriers say more. */
    private static String said(SipResponse response) {
        StringBuilder said = new StringBuilder(": ");
        said.append(response.status()).append(' ').append(bounded(response.reasonPhrase()));
        for (String name : List.of("X-Twilio-Error", "Reason", "Warning")) {
            response.header(name)
                    .ifPresent(
                            value ->
                                    said.append(" (")
                                            .append(name)
                                            .append(": ")
                                            .append(bounded(value))
                                            .append(')'));
        }
        return said.append('.').toString();
    }

    private static String bounded(String text) {
        String line = text.strip();
        return line.length() <= MAX_QUOTED ? line : line.substring(0, MAX_QUOTED) + "…";
    }

    static CallEnd of(ClientEvent.NotAuthorized refused) {
        int status = refused.response().status();
        return switch (refused.why()) {
            case NO_IDENTITY ->
                    end(
                            EndReason.BAD_CREDENTIALS,
                            status,
                            "The carrier asks for credentials, and the trunk has none.");
            case WRONG_CREDENTIALS ->
                    end(
                            EndReason.BAD_CREDENTIALS,
                            status,
                            "The carrier refused our credentials for realm "
                                    + bounded(refused.realm())
                                    + ".");
            case FOREIGN_REALM ->
                    end(
                            EndReason.CARRIER_NONSENSE,
                            status,
                            "The carrier asked for credentials of realm "
                                    + bounded(refused.realm())
                                    + ", which is not its own; none were given.");
            case UNSUPPORTED ->
                    end(
                            EndReason.CARRIER_NONSENSE,
                            status,
                            "The carrier asked for credentials in a way that is not served.");
        };
    }

    static CallEnd unreachable(List<Tried> tried) {
        return CallEnd.of(
                EndReason.CARRIER_UNREACHABLE,
                tried.isEmpty()
                        ? EndReason.CARRIER_UNREACHABLE.sentence()
                        : "The carrier cannot be reached: " + words(tried) + ".");
    }

    /** The targets that were tried in vain, and why: {@code 192.0.2.1:5060 (no answer)}. */
    static String words(List<Tried> tried) {
        return tried.stream()
                .map(
                        one -> {
                            var target = one.target();
                            String where =
                                    target == null
                                            ? one.host()
                                            : Addresses.hostPort(target.address());
                            String why =
                                    one.why().name().toLowerCase(Locale.ROOT).replace('_', ' ');
                            String detail = one.detail().isEmpty() ? "" : ": " + one.detail();
                            return where + " (" + why + detail + ")";
                        })
                .collect(Collectors.joining(", "));
    }

    static CallEnd nowhere(String host) {
        return CallEnd.of(
                EndReason.CARRIER_UNREACHABLE,
                "The name " + bounded(host) + " has no address that calls can be sent to.");
    }

    /** What is called is an address that no socket of ours can send to: our configuration's. */
    static CallEnd notBound(InetAddress address) {
        String family = address instanceof Inet6Address ? "IPv6" : "IPv4";
        return new CallEnd(
                EndReason.CARRIER_UNREACHABLE,
                Culprit.US,
                0,
                "%s is called, and network.bind has no %s address to call it from."
                        .formatted(Addresses.text(address), family),
                List.of());
    }

    // ---- the ring timeout has passed

    /**
     * @param within {@code " within 60 s."}
     */
    static CallEnd notItsTurn(String within) {
        return CallEnd.of(
                EndReason.LIMIT, "The call's turn did not come" + within + " (calls_per_second)");
    }

    static CallEnd notFound(String host, String within) {
        return CallEnd.of(
                EndReason.CARRIER_UNREACHABLE,
                "No address was found for " + bounded(host) + within);
    }

    /**
     * @param silent the carrier has not said a word: nobody was called who could have answered
     */
    static CallEnd unanswered(boolean rang, boolean silent, String within) {
        if (rang) {
            return CallEnd.of(EndReason.NO_ANSWER, "It rang, and nobody answered" + within);
        }
        return silent
                ? CallEnd.of(
                        EndReason.CARRIER_UNREACHABLE,
                        "The carrier said nothing" + within + " Not even that it tries.")
                : CallEnd.of(
                        EndReason.NO_ANSWER,
                        "Nobody answered" + within + " Nothing said that it rings.");
    }

    static CallEnd redirected(SipResponse response, String where) {
        return end(
                EndReason.CARRIER_FAILED,
                response.status(),
                "The carrier redirected the call "
                        + (where.isEmpty() ? "nowhere" : "to " + bounded(where))
                        + ", which is not followed: "
                        + response.status()
                        + " "
                        + bounded(response.reasonPhrase())
                        + ".");
    }

    /** A 2xx brought no answer to our offer, and nothing before it had. */
    static CallEnd undescribed() {
        return CallEnd.of(
                EndReason.CARRIER_NONSENSE, "The answer brought no description of its sound.");
    }

    /** What was wrong with the answer in a 2xx. */
    static CallEnd answer(Refusal reason, String detail) {
        return switch (reason) {
            case MALFORMED_SDP, UNSUPPORTED_OFFER, NO_AUDIO_LINE ->
                    CallEnd.of(
                            EndReason.CARRIER_NONSENSE,
                            "The answer's description makes no sense: " + detail + ".");
            case NO_COMMON_CODEC ->
                    new CallEnd(
                            EndReason.NO_COMMON_CODEC, Culprit.CALLEE, 0, detail + ".", List.of());
            case ENCRYPTION_REQUIRED, ENCRYPTION_NOT_OFFERED ->
                    new CallEnd(
                            EndReason.ENCRYPTION_REQUIRED,
                            Culprit.CALLEE,
                            0,
                            detail + ".",
                            List.of());
            case NO_FREE_PORT, OVERLOADED -> CallEnd.of(EndReason.OVERLOADED, detail);
            case NO_SUCH_LEG -> CallEnd.fault("The call's media is gone: " + detail);
        };
    }

    /** Whether another trunk may do better: never after the far end has spoken. */
    static boolean mayTryAnother(SipResponse response) {
        return response.status() >= 500 && response.status() < 600;
    }
}
