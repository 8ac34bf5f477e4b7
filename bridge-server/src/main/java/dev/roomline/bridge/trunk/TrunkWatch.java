package dev.roomline.bridge.trunk;

import dev.roomline.bridge.trunk.TrunkState.Health;

/** Who is told how trunks are: the log, the metrics, the API's events. On the signalling loop. */
public interface TrunkWatch {

    void changed(LiveTrunk trunk, Health now);

    /** Its registrar has bound us; not told of refreshes. */
    void registered(LiveTrunk trunk);

    /** A REGISTER came to nothing; it is tried again. */
    void notRegistered(LiveTrunk trunk, String why);
}
