package dev.roomline.media.sdp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where a SIP peer receives: its addresses, or what is wrong with them.
 *
 * @param rtp null if they cannot be used
 * @param fault why not
 */
record PeerPlace(@Nullable InetSocketAddress rtp, @Nullable InetSocketAddress rtcp, String fault) {

    private static PeerPlace none(String fault) {
        return new PeerPlace(null, null, fault);
    }

    /**
     * @param here the address that we receive on: the peer's must be of its kind
     * @param found where it is will be found by ICE: nothing is sent to what it names here
     */
    static PeerPlace of(
            SessionDescription theirs, MediaDescription audio, InetAddress here, boolean found) {
        Connection connection = theirs.connectionOf(audio);
        if (connection == null) {
            return none("the audio line has no c= line");
        }
        InetAddress address = connection.literal();
        if (address == null) {
            // RFC 8866 §5.7 allows a name; a look-up per call would be the caller's to slow down
            return none("the c= line is no IP address; host names are not looked up");
        }
        if (address.isMulticastAddress() || connection.address().equals("255.255.255.255")) {
            return none("the c= line is a multicast or broadcast address");
        }
        if (!found && !address.isAnyLocalAddress() && !address.getClass().equals(here.getClass())) {
            return none("the c= line is of another address family than ours");
        }
        if (!found && address.isLoopbackAddress() && !here.isLoopbackAddress()) {
            return none("the c= line is a loopback address");
        }
        InetSocketAddress rtp = new InetSocketAddress(address, audio.port());
        return new PeerPlace(rtp, audio.has("rtcp-mux") ? rtp : rtcp(audio, rtp), "");
    }

    /**
     * {@code a=rtcp:port [IN IP4 address]} (RFC 3605), else the port above. Reports go to the host
     * that the sound goes to, whatever address is written: a description must not aim us at others.
     */
    private static InetSocketAddress rtcp(MediaDescription audio, InetSocketAddress rtp) {
        int above = Math.min(rtp.getPort() + 1, 65_535);
        String said = audio.attribute("rtcp");
        int port = said == null ? -1 : SdpText.number(SdpText.words(said).getFirst(), 65_535);
        return new InetSocketAddress(rtp.getAddress(), port > 0 ? port : above);
    }
}
