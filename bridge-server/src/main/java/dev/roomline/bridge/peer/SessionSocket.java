package dev.roomline.bridge.peer;

/** A session's WebSocket. May be used from the signalling loop; never blocks. */
interface SessionSocket {
    /** RFC 6455 §7.4.1. */
    int NORMAL = 1000;

    int GOING_AWAY = 1001;
    int POLICY = 1008;
    int TOO_BIG = 1009;

    void send(String json);

    void ping();

    void close(int code, String reason);
}
