package dev.roomline.bridge.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Readers follow at their own pace; who falls behind by the whole ring learns it. */
final class EventBusTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private final EventBus bus = new EventBus(() -> NOON, 4);

    private void publish(int count) {
        for (int i = 0; i < count; i++) {
            bus.publish(
                    new Happening.OfRoom(
                            EventType.ROOM_STARTED, "room_" + (bus.last() + 1), "R", NOON));
        }
    }

    private List<String> roomsAfter(long sequence, int most) {
        return ((EventBus.Reading.Events) bus.read(sequence, most))
                .events().stream().map(event -> String.valueOf(event.what().room())).toList();
    }

    @Test
    void eventsAreReadInTheOrderInWhichTheyHappened() {
        assertThat(roomsAfter(0, 10)).isEmpty();
        publish(3);
        assertThat(roomsAfter(0, 10)).containsExactly("room_1", "room_2", "room_3");
        assertThat(roomsAfter(1, 1)).containsExactly("room_2");
        assertThat(roomsAfter(3, 10)).isEmpty();
    }

    @Test
    void whoIsBehindByMoreThanTheRingIsToldSoAndWhereToGoOn() {
        publish(6);
        assertThat(bus.read(1, 10)).isEqualTo(new EventBus.Reading.Lost(3));
        assertThat(roomsAfter(2, 10)).containsExactly("room_3", "room_4", "room_5", "room_6");
    }

    @Test
    void anEventIsFoundAgainByItsIdInItsOwnRunAlone() {
        publish(2);
        Event second = ((EventBus.Reading.Events) bus.read(1, 1)).events().getFirst();
        assertThat(bus.sequenceOf(second.id())).hasValue(2);
        EventBus afterRestart = new EventBus(() -> NOON.plusSeconds(1), 4);
        assertThat(afterRestart.sequenceOf(second.id())).isEmpty();
        for (String odd : List.of("", "evt_", second.id() + "9", "evt_x-1", second.id() + "-1")) {
            assertThat(bus.sequenceOf(odd)).as(odd).isEmpty();
        }
    }

    @Test
    void readersAreWokenUntilTheyEnd() throws Exception {
        AtomicInteger woken = new AtomicInteger();
        AutoCloseable watch = bus.watch(woken::incrementAndGet);
        publish(2);
        watch.close();
        publish(1);
        assertThat(woken).hasValue(2);
    }

    private List<String> toldAfter(long sequence) {
        return ((EventBus.Reading.Events) bus.readTold(sequence, 10))
                .events().stream().map(event -> String.valueOf(event.what().room())).toList();
    }

    @Test
    void whileEventsAreKeptReadersAreToldOfWhatIsKeptAlone() {
        AtomicInteger woken = new AtomicInteger();
        AtomicInteger keeping = new AtomicInteger();
        bus.watch(woken::incrementAndGet);
        bus.keep(keeping::incrementAndGet);
        publish(1);
        bus.hold();
        publish(3);
        assertThat(keeping).hasValue(4);
        assertThat(woken).hasValue(1);
        assertThat(toldAfter(0)).containsExactly("room_1");
        assertThat(roomsAfter(0, 10)).hasSize(4);
        bus.kept(3);
        assertThat(woken).hasValue(2);
        assertThat(toldAfter(1)).containsExactly("room_2", "room_3");
        bus.kept(2);
        assertThat(bus.told()).isEqualTo(3);
        bus.letGo();
        assertThat(woken).hasValue(3);
        assertThat(toldAfter(3)).containsExactly("room_4");
        bus.letGo();
        publish(1);
        assertThat(woken).hasValue(4);
        assertThat(bus.told()).isEqualTo(5);
    }

    @Test
    void patternsNameATypeAFamilyOrAll() {
        assertThat(EventType.CALL_ENDED.matches("call.ended")).isTrue();
        assertThat(EventType.CALL_ENDED.matches("call.*")).isTrue();
        assertThat(EventType.CALL_ENDED.matches("*")).isTrue();
        assertThat(EventType.CALL_ENDED.matches("room.*")).isFalse();
        assertThat(EventType.isPattern("call.*")).isTrue();
        for (String odd : List.of("", "call", "call.", ".*", "calls.*", "call.over", "**")) {
            assertThat(EventType.isPattern(odd)).as(odd).isFalse();
        }
    }
}
