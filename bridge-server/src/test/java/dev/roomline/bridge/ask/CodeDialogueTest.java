package dev.roomline.bridge.ask;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomline.bridge.ask.DialogueInput.Judgement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A caller who is asked, in virtual time. */
final class CodeDialogueTest {
    private static final long MILLI = 1_000_000;

    private final CodeDialogue dialogue = new CodeDialogue(Prompt.CODE);
    private final List<String> told = new ArrayList<>();
    private long now = 5_000 * MILLI;

    private final DialogueOutbox outbox =
            new DialogueOutbox() {
                @Override
                public void say(Prompt prompt) {
                    told.add("say " + prompt);
                }

                @Override
                public void hush() {
                    told.add("hush");
                }

                @Override
                public void judge(String digits) {
                    told.add("judge " + digits);
                }

                @Override
                public void part(Parting why) {
                    told.add("part " + why);
                }
            };

    private void begin() {
        dialogue.handle(new DialogueInput.Begin(), now, outbox);
    }

    private void press(String keys) {
        for (int i = 0; i < keys.length(); i++) {
            now += 200 * MILLI;
            dialogue.handle(new DialogueInput.Pressed(keys.charAt(i)), now, outbox);
        }
    }

    private void judged(Judgement judgement) {
        dialogue.handle(new DialogueInput.Judged(judgement), now, outbox);
    }

    private void pass(long millis) {
        long until = now + millis * MILLI;
        while (dialogue.nextDeadlineNanos() <= until) {
            now = dialogue.nextDeadlineNanos();
            dialogue.handle(new DialogueInput.DeadlineReached(), now, outbox);
        }
        now = until;
    }

    @Test
    void digits_up_to_the_hash_are_looked_at_and_the_first_key_ends_the_prompt() {
        begin();
        press("2223334444#");
        assertThat(told).containsExactly("say CODE", "hush", "judge 2223334444");
        judged(new Judgement.Right());
        press("1#");
        pass(600_000);
        assertThat(told).hasSize(3);
    }

    @Test
    void a_pause_of_five_seconds_ends_what_is_entered_too() {
        begin();
        press("42");
        pass(4_900);
        assertThat(told).doesNotContain("judge 42");
        pass(200);
        assertThat(told).endsWith("judge 42");
    }

    @Test
    void a_star_begins_anew_and_letters_and_an_empty_entry_are_nothing() {
        begin();
        press("#12*34AB#");
        assertThat(told).containsExactly("say CODE", "hush", "judge 34");
    }

    @Test
    void three_wrong_tries_end_in_goodbye_and_then_the_call_ends() {
        begin();
        for (int i = 0; i < 2; i++) {
            press("1#");
            judged(new Judgement.Wrong());
            assertThat(told).endsWith("judge 1", "say WRONG");
        }
        press("1#");
        judged(new Judgement.Wrong());
        assertThat(told).endsWith("judge 1", "say GOODBYE");
        press("2#");
        pass(Prompt.GOODBYE.millis() - 500);
        assertThat(told).endsWith("say GOODBYE");
        pass(500);
        assertThat(told).endsWith("say GOODBYE", "part WRONG");
        pass(600_000);
        assertThat(told).endsWith("say GOODBYE", "part WRONG");
    }

    @Test
    void who_says_nothing_is_asked_three_times_each_after_the_prompt_and_ten_seconds() {
        begin();
        pass(Prompt.CODE.millis() + 9_900);
        assertThat(told).containsExactly("say CODE");
        pass(200);
        assertThat(told).containsExactly("say CODE", "say NOTHING");
        pass(600_000);
        assertThat(told)
                .containsExactly(
                        "say CODE", "say NOTHING", "say NOTHING", "say GOODBYE", "part SILENT");
    }

    @Test
    void a_code_with_a_pin_asks_for_that_with_three_tries_of_its_own() {
        begin();
        press("1#");
        judged(new Judgement.Wrong());
        press("2#");
        judged(new Judgement.Further(Prompt.PIN));
        assertThat(dialogue.question()).isEqualTo(Prompt.PIN);
        assertThat(told).endsWith("say PIN");
        press("1#");
        judged(new Judgement.Wrong());
        press("2#");
        judged(new Judgement.Wrong());
        assertThat(told).endsWith("say WRONG");
        press("3#");
        judged(new Judgement.Wrong());
        assertThat(told).endsWith("say GOODBYE");
    }

    @Test
    void what_no_other_try_would_help_is_said_and_ends() {
        begin();
        press("2#");
        judged(new Judgement.Hopeless(Prompt.FULL));
        pass(60_000);
        assertThat(told).endsWith("say FULL", "part HOPELESS");
    }

    @Test
    void keys_while_it_is_looked_at_and_endless_ones_do_no_harm() {
        begin();
        press("1".repeat(100));
        press("#99");
        assertThat(told).endsWith("judge " + "1".repeat(CodeDialogue.MOST_DIGITS));
        judged(new Judgement.Wrong());
        press("7#");
        assertThat(told).endsWith("judge 7");
    }

    @Test
    void every_prompt_is_speech_of_a_talkers_level() {
        for (Prompt prompt : Prompt.values()) {
            assertThat(prompt.millis()).as(prompt.name()).isBetween(500L, 5_000L);
            double power = 0;
            for (short sample : prompt.samples()) {
                power += (double) sample * sample;
            }
            double dbov = 10 * Math.log10(power / prompt.samples().length / (32_767.0 * 32_767.0));
            assertThat(dbov).as(prompt.name()).isBetween(-28.0, -12.0);
        }
    }
}
