package dev.roomline.bridge.call;

/** Who is told of a call's milestones: the log, the metrics, the record. On the signalling loop. */
interface CallWatch {

    /** Past the door, or ordered. */
    void admitted(Call call);

    /** The far end rings; told once. */
    void ringing(PlacedCall call);

    /** One way failed before anything rang: the next one's turn. Told of each that failed. */
    void passedOn(PlacedCall call, CallEnd failed);

    /** The 200 leaves, or has come. */
    void answered(Call call);

    /** A transfer of it has come a step further. */
    void transferred(Call call, Transfer step);

    /** It goes into another room, or has. */
    void moved(Call call, Move step);

    /** A caller who was asked for a room is in it, or is parted from. */
    void asked(Call call, String outcome);

    /** It has its end; a BYE may still be on its way. Told once, of calls past the door. */
    void ended(Call call, CallEnd end);

    /** Sent credentials that were wrong, and was asked again. */
    void credentialsFailed(InboundCall call, String failure);

    /** Challenged though it came from a trunk's addresses: it may never come again. */
    void nearTrunk(InboundCall call, String lacking);

    /** Refused before it became a call. */
    void turnedAway(InboundCall call, CallEnd end);

    /** Nothing more will come of it. */
    void over(Call call);

    /** A bug of ours showed in this call. */
    void fault(Call call, RuntimeException bug);

    /** Runs a step of this call with its names in the log; a fault ends this call alone. */
    void guarded(Call call, Runnable step);
}
