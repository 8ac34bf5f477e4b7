package dev.roomline.media.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.media.codec.AudioCodec;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** One room of a relay of its own, and who sits in it. */
final class OneRoom implements AutoCloseable {
    final Heard events = new Heard();
    private final LoopbackRelay relay = new LoopbackRelay(2);
    final NettyMediaRelay media = relay.media;
    final MediaRoom room = media.openRoom("abc-defg-hij", events);

    /** What the room tells. */
    static final class Heard extends Deaf {
        final Set<Integer> connected = ConcurrentHashMap.newKeySet();
        final Set<Integer> talking = ConcurrentHashMap.newKeySet();
        final Map<Integer, Loss> lost = new ConcurrentHashMap<>();

        @Override
        public void onConnected(LegId leg) {
            assertThat(connected.add(leg.value())).as("told once").isTrue();
        }

        @Override
        public void onTalking(LegId leg, boolean isTalking) {
            if (isTalking) {
                talking.add(leg.value());
            } else {
                talking.remove(leg.value());
            }
        }

        @Override
        public void onLost(LegId leg, Loss loss, String detail) {
            lost.put(leg.value(), loss);
        }
    }

    TestPhone phone(AudioCodec codec, double hertz) throws IOException {
        return relay.phone(codec, hertz);
    }

    /** Its call is set up, and it speaks. */
    void join(int leg, TestPhone phone) throws Exception {
        phone.answered(invite(leg, phone.offer()));
        room.release(new LegId(leg));
    }

    /** Up to our answer, whose ACK has not come. */
    byte[] invite(int leg, String offer) throws Exception {
        byte[] answer = LoopbackRelay.answer(room, new LegId(leg), offer);
        room.join(new LegId(leg));
        return answer;
    }

    @Override
    public void close() {
        relay.close();
    }
}
