package dev.roomline.media.loop;

import java.util.Map;

/** Whoever asks for a room and does not want to know what happens in it. */
final class Deaf implements MediaListener {
    @Override
    public void onConnected(LegId leg) {}

    @Override
    public void onTalking(LegId leg, boolean talking) {}

    @Override
    public void onSlots(LegId browser, Map<String, LegId> slots) {}

    @Override
    public void onDtmf(LegId leg, char digit, int durationMillis) {}

    @Override
    public void onLost(LegId leg, Loss loss, String detail) {}
}
