package dev.roomline.media.loop;

import dev.roomline.media.sdp.MediaEncryption;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One room's media. Thread-safe face: every method posts to the room's loop; stages complete on
 * that loop, never exceptionally for what a peer sent (that is {@link Outcome.Refused}).
 */
public interface MediaRoom {

    /**
     * Adds a SIP leg. Nothing is sent to it before {@link #release} or valid RTP from its address.
     */
    CompletionStage<Outcome> addPhone(LegId leg, PhoneRequest request);

    /**
     * Adds a WebRTC peer. Its number of receiving audio lines decides: two or more are slots, one
     * is a mix.
     */
    CompletionStage<Outcome> addBrowser(LegId leg, BrowserRequest request);

    /**
     * A new offer of an existing leg (re-INVITE, UPDATE, ICE restart), or with {@code offer} null
     * the wish that we offer everything that we can. A browser's holds at once. A phone's is only
     * prepared: its session goes on as it was until {@link #commit}, and for ever after {@link
     * #abandon} or a refusal (RFC 3261 §14.1).
     *
     * @param signallingAddress where the re-INVITE came from; null for browsers
     */
    CompletionStage<Outcome> reoffer(
            LegId leg, byte @Nullable [] offer, @Nullable InetSocketAddress signallingAddress);

    /**
     * Prepares an offer of ours to a phone in a running call: what holds, in the direction that
     * {@link #setHeld} asks for.
     */
    CompletionStage<Outcome> propose(LegId leg);

    /**
     * The description that {@link #reoffer} or {@link #propose} prepared has left: an answer holds
     * from now on, an offer awaits {@link #answer}.
     */
    void commit(LegId leg);

    /** What was prepared, or offered, came to nothing: the session is as it was agreed last. */
    void abandon(LegId leg);

    /**
     * The answer to an offer of ours that has left: a late offer's in the ACK, a re-INVITE's of
     * ours in its 2xx. It holds at once; {@code Accepted.sdp} is empty then. After a refusal the
     * offer still stands.
     */
    CompletionStage<Outcome> answer(LegId leg, byte[] answer);

    /**
     * The answer to the offer of a call that we place. It holds at once. After an early one (a 183)
     * the offer stays open: another whom the call reached may answer it too, and the 2xx says which
     * answer counts (RFC 3261 §13.2.2.4). In between the first may have changed by {@link #reoffer}
     * what was agreed with it.
     *
     * @param answer null: what was agreed early holds
     * @param from where it came from
     */
    CompletionStage<Outcome> answerCalled(
            LegId leg, byte @Nullable [] answer, InetSocketAddress from, boolean early);

    /**
     * Presses keys on a phone, one after another, in the place of the room's sound: by telephone
     * events where those are agreed (RFC 4733).
     *
     * @param digits of {@code 0-9 * # A-D}, and {@code w} for half a second of waiting
     * @param asTones where no telephone events are agreed they are sent as tones
     * @return false where it takes them in no way, too many keys wait, or it is gone
     */
    CompletionStage<Boolean> press(
            LegId leg, String digits, int toneMillis, int gapMillis, boolean asTones);

    /** The room has been told of the leg: a phone may be heard from now on. */
    void join(LegId leg);

    /**
     * The ACK came: media may be sent to the leg (facts: nobody is flooded by a spoofed INVITE).
     */
    void release(LegId leg);

    /** What the leg says is no longer heard; it goes on hearing. */
    void setMuted(LegId leg, boolean muted);

    /**
     * Held by us (API): it neither hears nor is heard. At once; the phone sees it by what {@link
     * #propose} makes.
     */
    void setHeld(LegId leg, boolean held);

    /**
     * @param gainDb −40 to +20
     */
    void setVolume(LegId leg, double gainDb);

    /** Removes a leg at once: its socket closes, its SSRCs end with RTCP BYE. */
    void remove(LegId leg);

    /**
     * Moves a phone into another room of this relay, with its sockets, its description and its
     * streams: the phone sees nothing of it, and no packet is lost. Who had joined here takes part
     * there at once. What is asked of it here while it is under way, and until {@link #forget}, is
     * done there.
     */
    CompletionStage<Outcome> move(LegId leg, MediaRoom to);

    /** A leg was moved away, and nothing more will be asked of it here. */
    void forget(LegId leg);

    /**
     * Whoever hears a mix here hears this too, from now on, instead of what was announced before.
     *
     * @param samples 8 kHz, one channel; none: silence. Not copied: never written again.
     */
    void announce(short[] samples);

    /** A snapshot; empty if the leg is gone. */
    CompletionStage<Optional<LegReport>> report(LegId leg);

    /**
     * The last half minute of what came in on the leg; empty if it is gone or nothing came. The
     * stage completes on a thread of its own: packing takes a while.
     */
    CompletionStage<Optional<BlackBox>> blackBox(LegId leg);

    /** Removes all legs and forgets the room. */
    void close();

    /**
     * @param offer the peer's SDP; null asks us to offer (late offer)
     * @param signallingAddress where the INVITE came from
     * @param localAddress the address that the INVITE reached us on; used in SDP unless a public
     *     one is configured
     * @param mediaAllow further address ranges in CIDR form that its RTP may come from
     * @param codecs names in our order of preference: opus, g722, pcmu, pcma (empty: the relay's)
     * @param encryption what is asked of its media
     */
    @SuppressWarnings("ArrayRecordComponent")
    record PhoneRequest(
            byte @Nullable [] offer,
            InetSocketAddress signallingAddress,
            InetSocketAddress localAddress,
            List<String> mediaAllow,
            List<String> codecs,
            MediaEncryption encryption) {}

    /**
     * @param offer the page's SDP
     * @param loopback whether the page was opened over loopback: only then are loopback candidates
     *     given
     * @param maySpeak false: its uplink is answered but never heard (role without {@code speak})
     * @param flow which way its media may flow
     */
    @SuppressWarnings("ArrayRecordComponent")
    record BrowserRequest(byte[] offer, boolean loopback, boolean maySpeak, Flow flow) {}

    /** Which way a browser's media may flow. */
    enum Flow {
        BOTH_WAYS,
        /** It only sends: a publisher (RFC 9725). */
        PUBLISHES,
        /** It only hears one mix: a listener (draft-ietf-wish-whep). */
        LISTENS
    }

    /** What became of an offer or answer. */
    sealed interface Outcome {
        /**
         * @param sdp our answer (or offer), complete; empty where none is due
         * @param held the peer put us on hold by this description
         */
        @SuppressWarnings("ArrayRecordComponent")
        record Accepted(byte[] sdp, boolean held) implements Outcome {}

        /**
         * @param detail what was wrong and what was expected, one sentence, without secrets
         */
        record Refused(Refusal reason, String detail) implements Outcome {}
    }

    /** Why an offer was refused: a closed set, which the product maps to a SIP or HTTP status. */
    enum Refusal {
        MALFORMED_SDP,
        NO_AUDIO_LINE,
        NO_COMMON_CODEC,
        ENCRYPTION_REQUIRED,
        ENCRYPTION_NOT_OFFERED,
        UNSUPPORTED_OFFER,
        NO_FREE_PORT,
        NO_SUCH_LEG,
        OVERLOADED
    }

    /**
     * A leg's black box.
     *
     * @param format name and version of the packed form, described in docs/black-box.md
     * @param data the packed rows
     * @param summary flat numbers that tell at a glance why it was choppy
     */
    @SuppressWarnings("ArrayRecordComponent")
    record BlackBox(
            String format, int packets, double seconds, byte[] data, Map<String, Object> summary) {}

    /**
     * One leg at one moment.
     *
     * @param path the leg's path as it prints itself, {@code rtp(PCMU/8000) → jitter(40 ms) →
     *     decode → level → room abc-defg-hij}
     * @param encryption what protects its media on the wire: {@code none}, {@code SDES} with its
     *     suite, {@code DTLS}
     * @param codecSent name of what we send, empty before negotiation
     * @param codecReceived name of what we receive
     * @param received from the peer to us
     * @param sent from us to the peer, as its receiver reports tell
     * @param concealedShare share of what was played out that was concealed, 0 to 1; −1 while
     *     nothing was played
     * @param rttMillis round trip by RTCP, −1 while unknown
     * @param levelDbov its current level, −127 to 0 (RFC 6464)
     */
    record LegReport(
            String path,
            String encryption,
            String codecSent,
            String codecReceived,
            Direction received,
            Direction sent,
            double concealedShare,
            double rttMillis,
            int levelDbov) {}

    /**
     * @param packets count so far
     * @param bytes payload octets so far
     * @param lossShare 0 to 1 since start, −1 while unknown
     * @param jitterMillis interarrival jitter (RFC 3550 §6.4.1), −1 while unknown
     * @param burstRatio how losses come (ITU-T G.107): 1 at random, more in runs, −1 while unknown
     * @param mos 1 to 4.5 by the E-model (ITU-T G.107), −1 while unknown
     */
    record Direction(
            long packets,
            long bytes,
            double lossShare,
            double jitterMillis,
            double burstRatio,
            double mos) {}
}
