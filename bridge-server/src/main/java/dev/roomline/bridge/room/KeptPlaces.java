package dev.roomline.bridge.room;

import dev.roomline.bridge.signal.Signal;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The places of browsers and programs, each of whoever knows its secret: one whose socket is away
 * is kept for a while, then it is lost. Owner: the signalling loop.
 */
final class KeptPlaces {
    private static final Duration FAREWELL = Duration.ofSeconds(30);

    private final Signal signal;
    private final Consumer<Participant> lost;
    private final Map<String, Participant> bySecret = new HashMap<>();

    /**
     * @param lost gets whoever has not come back
     */
    KeptPlaces(Signal signal, Consumer<Participant> lost) {
        this.signal = signal;
        this.lost = lost;
    }

    /** It is seated; phones have no secret. */
    void keep(Participant participant) {
        if (!participant.secret.isEmpty()) {
            bySecret.put(participant.secret, participant);
        }
    }

    /** It has left. */
    void giveUp(Participant participant) {
        stay(participant);
        bySecret.remove(participant.secret);
    }

    /** Its socket is away. */
    void away(Participant participant) {
        if (participant.state != Participant.State.LEFT && participant.farewell == null) {
            participant.farewell = signal.after(FAREWELL, () -> lost.accept(participant));
        }
    }

    /** Whoever has this secret is here again. */
    Optional<Participant> back(String secret) {
        Optional<Participant> holder = holder(secret);
        holder.ifPresent(KeptPlaces::stay);
        return holder;
    }

    private static void stay(Participant participant) {
        if (participant.farewell != null) {
            participant.farewell.cancel();
            participant.farewell = null;
        }
    }

    /** The participant whose secret this is. */
    Optional<Participant> holder(String secret) {
        return Optional.ofNullable(bySecret.get(secret));
    }
}
