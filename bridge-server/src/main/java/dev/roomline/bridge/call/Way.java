package dev.roomline.bridge.call;

import dev.roomline.bridge.signal.Signal.Later;
import dev.roomline.media.sdp.MediaEncryption;
import dev.roomline.sip.auth.ClientIdentity;
import dev.roomline.sip.endpoint.Envelope;
import dev.roomline.sip.message.ContactList;
import dev.roomline.sip.message.HeaderField;
import dev.roomline.sip.message.SipUri;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One way by which a call that we place may go: over a trunk, or to a phone that registered.
 *
 * @param label as a trace names it: {@code trunk Twilio}
 * @param trunk its id; null where it is none
 * @param account whose phone it is; null where it is none's
 * @param envelope to whom, from whom, over which next hop
 * @param hop where the envelope goes first: its address decides which of ours is told
 * @param headers beside those of the core
 * @param identity who answers challenges; null for nobody
 * @param callerId the number that the far end sees; empty where it sees none
 * @param mediaAllow further ranges that its RTP may come from
 * @param codecs names in our order of preference
 * @param encryption of its media
 */
public record Way(
        String label,
        @Nullable String trunk,
        @Nullable String account,
        Envelope envelope,
        SipUri hop,
        List<HeaderField> headers,
        @Nullable ClientIdentity identity,
        String callerId,
        List<String> mediaAllow,
        List<String> codecs,
        MediaEncryption encryption,
        Turnstile turnstile,
        Redirects redirects) {
    public Way {
        headers = List.copyOf(headers);
        mediaAllow = List.copyOf(mediaAllow);
        codecs = List.copyOf(codecs);
    }

    /** Lets calls go one by one, in the order in which they came, and not too many at once. */
    @FunctionalInterface
    public interface Turnstile {
        /** At once, where nobody waits and nothing is to be waited for. */
        Turnstile OPEN =
                go -> {
                    go.run();
                    return () -> {};
                };

        /**
         * @param go run when it may go, at once or later
         * @return gives the place in the queue up
         */
        Later await(Runnable go);

        /** Why not one more may go this way now; asked before a way is tried after another. */
        default Optional<CallEnd> closed() {
            return Optional.empty();
        }
    }

    /** Which redirections are followed. */
    @FunctionalInterface
    public interface Redirects {
        Redirects NONE = _ -> Optional.empty();

        /** Where it goes instead; empty where it must not go there. */
        Optional<Envelope> follow(ContactList.Entry contact);
    }

    /** Who we are on it, as a URI. */
    String ourUri() {
        String from = envelope.from();
        int open = from.indexOf('<');
        int close = from.indexOf('>', open + 1);
        return open < 0 || close < 0 ? from : from.substring(open + 1, close);
    }

    /** The same way to another address. */
    Way to(Envelope other, SipUri otherHop) {
        return new Way(
                label,
                trunk,
                account,
                other,
                otherHop,
                headers,
                identity,
                callerId,
                mediaAllow,
                codecs,
                encryption,
                turnstile,
                redirects);
    }
}
