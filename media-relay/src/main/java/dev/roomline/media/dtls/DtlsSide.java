package dev.roomline.media.dtls;

import dev.roomline.media.srtp.SrtpKeys;
import java.io.IOException;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DatagramTransport;
import org.jspecify.annotations.Nullable;

/** One side of a handshake: ours, as client or as server. Owner: its virtual thread. */
sealed interface DtlsSide permits DtlsClient, DtlsServer {

    /** The handshake; blocks. */
    DTLSTransport shakeHands(DatagramTransport wire) throws IOException;

    /** Why we refused, if it was us and for a reason with a name. */
    DtlsOutcome.@Nullable Reason refusal();

    /** After the handshake. */
    @Nullable SrtpKeys keys();

    /** The peer said close_notify or a fatal alert. */
    boolean peerClosed();
}
