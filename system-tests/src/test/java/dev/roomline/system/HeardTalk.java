package dev.roomline.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;

/** What both who talk in a {@link Conversation} have heard of each other. */
record HeardTalk(
        double longestGapMillis, int lost, int packets, double levelDbfs, double quietShare) {
    private static final double SLICE_SECONDS = 0.1;
    private static final double QUIET_DBFS = -20;

    static HeardTalk heard(Conversation talk, long sinceNanos) {
        double longest = 0;
        int lost = 0;
        int packets = 0;
        List<Double> levels = new ArrayList<>();
        for (int side = 0; side < 2; side++) {
            List<Conversation.Arrival> heard = talk.heardSince(side, sinceNanos);
            packets += heard.size();
            for (int i = 1; i < heard.size(); i++) {
                Conversation.Arrival before = heard.get(i - 1);
                Conversation.Arrival now = heard.get(i);
                longest = Math.max(longest, (now.nanos() - before.nanos()) / 1e6);
                lost += Math.max(0, (short) (now.sequence() - before.sequence()) - 1);
            }
            Recording sound =
                    RtpPhone.sound(heard.stream().map(Conversation.Arrival::packet).toList());
            for (double at = 0; at + SLICE_SECONDS < sound.seconds(); at += SLICE_SECONDS) {
                Recording slice = sound.slice(at, at + SLICE_SECONDS);
                levels.add(AudioMeasure.levelDbfs(slice, Conversation.toneHeardBy(side)));
            }
        }
        levels.sort(null);
        double quiet = levels.stream().filter(level -> level < QUIET_DBFS).count();
        return new HeardTalk(
                longest, lost, packets, levels.get(levels.size() / 2), quiet / levels.size());
    }

    void assertAsGoodAs(HeardTalk before) {
        assertThat(longestGapMillis).as("longest gap, ms").isLessThan(400);
        assertThat(lost).as("packets lost of " + packets).isLessThanOrEqualTo(packets / 500);
        assertThat(levelDbfs).as("level, dBFS").isCloseTo(before.levelDbfs, within(1.0));
        assertThat(quietShare).as("tenths of a second without the tone").isLessThan(0.05);
    }

    @Override
    public String toString() {
        return "%d packets, %d lost, longest gap %.0f ms, %.1f dBFS, %.1f %% quiet"
                .formatted(packets, lost, longestGapMillis, levelDbfs, 100 * quietShare);
    }
}
