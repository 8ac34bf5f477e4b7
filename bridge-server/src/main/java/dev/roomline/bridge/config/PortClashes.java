package dev.roomline.bridge.config;

/** Ports that two parts of the server would both bind. */
final class PortClashes {
    private PortClashes() {}

    static void find(
            Section root,
            RoomlineConfig.Sip sip,
            RoomlineConfig.Media media,
            RoomlineConfig.Http http) {
        int loops = media.loops() == 0 ? Runtime.getRuntime().availableProcessors() : media.loops();
        int lastWebrtc = media.webrtcPort() + loops - 1;
        if (lastWebrtc > 65535) {
            root.fault(
                    "media",
                    Integer.toString(media.webrtcPort()),
                    "webrtc_port with room for one port per loop up to 65535");
        }
        if (media.rtpPorts().overlaps(media.webrtcPort(), lastWebrtc)) {
            root.fault(
                    "media",
                    media.rtpPorts().toString(),
                    "rtp_ports apart from webrtc_port to webrtc_port + loops");
        }
        if (sip.udp() != 0 && media.rtpPorts().overlaps(sip.udp(), sip.udp())) {
            root.fault("sip", Integer.toString(sip.udp()), "udp outside of media.rtp_ports");
        }
        if (sip.udp() >= media.webrtcPort() && sip.udp() <= lastWebrtc) {
            root.fault("sip", Integer.toString(sip.udp()), "udp apart from media.webrtc_port");
        }
        if (http.port() != 0 && (http.port() == sip.tcp() || http.port() == sip.tls())) {
            root.fault("http", Integer.toString(http.port()), "a port that SIP does not use");
        }
        if (sip.tcp() != 0 && sip.tcp() == sip.tls()) {
            root.fault("sip", Integer.toString(sip.tls()), "tls on another port than tcp");
        }
        if (sip.udp() == 0 && sip.tcp() == 0 && sip.tls() == 0) {
            root.fault("sip", "0", "at least one of udp, tcp, tls");
        }
    }
}
