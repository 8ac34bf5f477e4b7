package dev.roomline.sip.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The four machines, printed, against tables read beside the figures of RFC 3261 and RFC 6026. */
class MachineTableTest {

    private static String print() {
        StringBuilder out = new StringBuilder();
        for (Machine machine : Machine.values()) {
            out.append(machine).append(" from ").append(machine.first()).append('\n');
            for (State state : State.values()) {
                for (Event event : Event.values()) {
                    Step step = machine.step(state, event);
                    if (step.next() != state || !step.actions().isEmpty()) {
                        String line =
                                String.format(
                                        Locale.ROOT,
                                        "  %-10s %-16s -> %-10s %s",
                                        state,
                                        event,
                                        step.next(),
                                        List.copyOf(step.actions()));
                        out.append(line).append('\n');
                    }
                }
            }
        }
        return out.toString();
    }

    @Test
    @Tag("RFC3261§17.1.1.2")
    @Tag("RFC3261§17.1.2.2")
    @Tag("RFC3261§17.2.1")
    @Tag("RFC3261§17.2.2")
    @Tag("RFC6026§7.1")
    @Tag("RFC6026§7.2")
    void the_machines_are_those_of_the_figures() throws IOException {
        try (var in = MachineTableTest.class.getResourceAsStream("/transaction/machines.txt")) {
            if (in == null) {
                throw new AssertionError("no table; printed now:\n" + print());
            }
            StringBuilder expected = new StringBuilder();
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#") && !line.isBlank())
                    .forEach(line -> expected.append(line).append('\n'));
            assertThat(print()).isEqualTo(expected.toString());
        }
    }

    @Test
    void nothing_leaves_terminated() {
        for (Machine machine : Machine.values()) {
            for (Event event : Event.values()) {
                assertThat(machine.step(State.TERMINATED, event).next())
                        .isEqualTo(State.TERMINATED);
            }
        }
    }
}
