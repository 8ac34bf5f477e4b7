package dev.roomline.bridge.inbound;

/** How many calls live now. On the signalling loop. */
public interface LiveLoad {
    int calls();

    long callsOfTrunk(String trunkId);

    boolean draining();
}
