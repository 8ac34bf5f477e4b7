package dev.roomline.bridge.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.call.CallEffect.Common;
import dev.roomline.bridge.call.CallMachine.State;
import dev.roomline.sip.endpoint.RequestId;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

@SuppressWarnings("EnumOrdinal") // states stand in the order of a call's life
final class CallMachineTest {
    private static final CallEnd END = CallEnd.of(EndReason.HANGUP_API);

    private static final List<CallEvent> EVENTS =
            List.of(
                    new CallEvent.Admitted(),
                    new CallEvent.Challenged(407, List.of()),
                    new CallEvent.TurnedAway(END),
                    new CallEvent.Refused(END),
                    new CallEvent.MediaReady(),
                    new CallEvent.Stored(false),
                    new CallEvent.Stored(true),
                    new CallEvent.StoreFailed(END),
                    new CallEvent.Slow(),
                    new CallEvent.SetupExpired(END),
                    new CallEvent.Cancelled(END),
                    new CallEvent.Acked(null),
                    new CallEvent.Acked(new byte[0]),
                    new CallEvent.AnswerTaken(),
                    new CallEvent.AnswerRefused(END),
                    new CallEvent.Reinvited(
                            new RequestId(2),
                            null,
                            InetSocketAddress.createUnresolved("peer.test", 5060),
                            "a"),
                    new CallEvent.ReofferReady(false, new byte[0]),
                    new CallEvent.ReofferReady(true, new byte[0]),
                    new CallEvent.ReofferRefused(END),
                    new CallEvent.OfferDue(),
                    new CallEvent.ProposalReady(new byte[0]),
                    new CallEvent.ProposalAnswered(new byte[0]),
                    new CallEvent.ProposalFailed("why"),
                    new CallEvent.Ordered(),
                    new CallEvent.Turn(CarrierBench.ROAD),
                    new CallEvent.NextWay(),
                    new CallEvent.Moved(),
                    new CallEvent.Rang(),
                    new CallEvent.EarlyAnswer(new byte[0], new InetSocketAddress(5060)),
                    new CallEvent.PickedUp(new byte[0], new InetSocketAddress(5060), "a"),
                    new CallEvent.HangUp(END),
                    new CallEvent.DialogOver(END));

    @Test
    void theWholeTableIsTheOneThatWasReadAgainstTheRfc() throws IOException {
        try (InputStream golden = getClass().getResourceAsStream("/call/call-machine.txt")) {
            assertThat(golden).isNotNull();
            String expected = new String(golden.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(table()).isEqualTo(expected);
        }
    }

    @Test
    void nothingHappensAfterTheEnd() {
        for (CallEvent event : EVENTS) {
            CallMachine.Step step = CallMachine.step(State.ENDED, event);
            assertThat(step.next()).isEqualTo(State.ENDED);
            assertThat(step.effects()).isEmpty();
        }
    }

    @Test
    void whoeverHasASeatGivesItBackBeforeTheEnd() {
        for (State state : State.values()) {
            for (CallEvent event : EVENTS) {
                CallMachine.Step step = CallMachine.step(state, event);
                boolean seated = state.ordinal() > State.SCREENING.ordinal();
                boolean over = state == State.ENDED || state == State.HANGING_UP;
                boolean ends = step.next() == State.ENDED || step.next() == State.HANGING_UP;
                if (seated && !over && ends) {
                    assertThat(step.effects())
                            .as("%s × %s", state, name(event))
                            .contains(Common.LEAVE, Common.RECORD);
                }
            }
        }
    }

    @Test
    void anAnsweredCallIsNeverRefusedAndAnUnansweredOneGetsNoBye() {
        for (State state : State.values()) {
            for (CallEvent event : EVENTS) {
                List<CallEffect> effects = CallMachine.step(state, event).effects();
                boolean answered = state.ordinal() >= State.CONFIRMING.ordinal();
                if (state == State.HANGING_UP && event instanceof CallEvent.PickedUp) {
                    // given up and answered at once: the answer wins, and is hung up
                    assertThat(effects).containsExactly(Common.BYE);
                    continue;
                }
                assertThat(effects)
                        .as("%s × %s", state, name(event))
                        .doesNotContain(answered ? Common.REFUSE : Common.BYE);
            }
        }
    }

    /** RFC 3261 §14.1: until an answer holds, whatever becomes of a re-INVITE changes nothing. */
    @Test
    void aNewSessionHoldsOnlyByAnAnswer() {
        for (State state : State.values()) {
            for (CallEvent event : EVENTS) {
                CallMachine.Step step = CallMachine.step(state, event);
                boolean underWay =
                        switch (state) {
                            case REOFFERING, REOFFERED, PROPOSING, PROPOSED, REANSWERING -> true;
                            case SCREENING,
                                    SEATING,
                                    STORING,
                                    RECORDING,
                                    QUEUED,
                                    OFFERING,
                                    DIALING,
                                    EARLY_OFFER,
                                    CONFIRMING,
                                    OFFERED,
                                    ANSWERING,
                                    CONNECTING,
                                    TALKING,
                                    HANGING_UP,
                                    ENDED ->
                                    false;
                        };
                if (underWay && step.next() == State.TALKING) {
                    boolean agreed =
                            event instanceof CallEvent.AnswerTaken
                                    || step.effects().contains(Common.ANSWER_REINVITE);
                    // the media refused to prepare: there is nothing to forget
                    boolean unprepared = event instanceof CallEvent.ReofferRefused;
                    assertThat(step.effects().contains(Common.ABANDON))
                            .as("%s × %s", state, name(event))
                            .isEqualTo(!agreed && !unprepared);
                }
            }
        }
    }

    private static String table() {
        StringBuilder table = new StringBuilder();
        for (State state : State.values()) {
            table.append(state).append('\n');
            for (CallEvent event : EVENTS) {
                CallMachine.Step step = CallMachine.step(state, event);
                if (step.next() == state && step.effects().isEmpty()) {
                    continue;
                }
                table.append("  ").append(String.format("%-24s", name(event)));
                table.append("→ ").append(String.format("%-12s", step.next()));
                table.append(
                        step.effects().stream()
                                .map(CallEffect::name)
                                .collect(Collectors.joining(", ")));
                while (table.charAt(table.length() - 1) == ' ') {
                    table.setLength(table.length() - 1);
                }
                table.append('\n');
            }
        }
        return table.toString();
    }

    private static String name(CallEvent event) {
        String name = event.getClass().getSimpleName();
        return switch (event) {
            case CallEvent.Stored stored when stored.weOffer() -> name + " (we offer)";
            case CallEvent.Acked acked when acked.answer() != null -> name + " (answer)";
            case CallEvent.ReofferReady ready when ready.weOffer() -> name + " (we offer)";
            default -> name;
        };
    }
}
