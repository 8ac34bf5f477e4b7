package dev.roomline.bridge.call;

/** What a call is to do next, in the order given; its particulars are the event's. */
sealed interface CallEffect {
    /** As the table of {@link CallMachine} has it. */
    String name();

    /** Of any call. */
    enum Common implements CallEffect {
        /** Insert the call's first row. */
        STORE,
        /** Show the participant as joined. */
        JOIN,
        /** Media may be sent to the peer from here on. */
        RELEASE_MEDIA,
        /** Apply the answer that the ACK brought. */
        TAKE_ANSWER,
        /** Prepare the answer to a new offer, or an offer of ours. */
        REOFFER,
        /** 200 to the re-INVITE; what it says holds, or awaits its answer. */
        ANSWER_REINVITE,
        /** Forget what was prepared or offered: all is as it was (RFC 3261 §14.1). */
        ABANDON,
        /** Prepare an offer for a re-INVITE of ours. */
        PREPARE_OFFER,
        /** Send our re-INVITE. */
        PROPOSE,
        /** Refuse the re-INVITE and stay as we were. */
        REFUSE_REINVITE,
        /** The re-INVITE waits until the answer that is being applied holds. */
        KEEP_REINVITE,
        /** The re-INVITE that waited was cancelled. */
        DROP_REINVITE,
        /** The final refusal of the INVITE. */
        REFUSE,
        /** BYE with its reason. */
        BYE,
        /** Close the media and give the seat back. */
        LEAVE,
        /** CDR, metrics, log line: how it ended. */
        RECORD,
        /** Note it among the refusals: it never was a call. */
        NOTE_REFUSAL
    }

    /** On the way to the answer of a call that came in. */
    enum Answering implements CallEffect {
        /** Answer with the challenge. */
        CHALLENGE,
        /** Take a seat in the room and make the media. */
        TAKE_SEAT,
        /** 180. */
        RING,
        /** 200 with our description. */
        ANSWER
    }

    /** On the way to the answer of a call that we place. */
    enum Placing implements CallEffect {
        /** Wait for the trunk's turn, and find the carrier. */
        QUEUE,
        /** Find the carrier where it says that it is. */
        SEEK,
        /** Make our offer. */
        OFFER,
        /** Send the INVITE. */
        DIAL,
        /** Tell whoever waits that it rings. */
        TELL_RINGING,
        /** Apply an answer that came before the answer: its sound is heard. */
        TAKE_EARLY,
        /** What was agreed anew before the answer is heard. */
        HEAR_EARLY,
        /** The answer waits until the offer that came before it is answered. */
        KEEP_ANSWER,
        /** An answer that waited comes now. */
        GO_ON,
        /** The far end answered: note it, and apply what its 2xx says. */
        CONNECT,
        /** Close the media, which was made for another carrier; the seat is kept. */
        DROP_MEDIA,
        /** Give the INVITE up. */
        CANCEL
    }
}
