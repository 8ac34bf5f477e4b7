package dev.roomline.bridge.call;

import dev.roomline.bridge.config.RoomlineConfig.Encryption;
import dev.roomline.media.sdp.MediaEncryption;
import dev.roomline.sip.endpoint.TransportKind;

/** What a configured policy of encryption asks of a call's media. */
public final class MediaPolicy {
    private MediaPolicy() {}

    /**
     * Where encryption is allowed, we offer it ourselves only where the signalling is private: keys
     * in a description that anybody on the way may read protect nothing, and an offer that a
     * carrier did not expect is one more thing to stumble over.
     */
    public static MediaEncryption of(Encryption policy, boolean privately) {
        return switch (policy) {
            case DISABLE -> MediaEncryption.DISABLE;
            case ALLOW -> privately ? MediaEncryption.OFFER : MediaEncryption.ALLOW;
            case REQUIRE -> MediaEncryption.REQUIRE;
        };
    }

    /** The same for a peer that is reached, or reaches us, by this transport. */
    public static MediaEncryption of(Encryption policy, TransportKind over) {
        return of(policy, over == TransportKind.TLS || over == TransportKind.WSS);
    }
}
