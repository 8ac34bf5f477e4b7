package dev.roomline.bench;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.Codecs;
import dev.roomline.media.codec.OpusSettings;
import java.util.List;

/**
 * What somebody says in a quiet room, two voices in turn, as packets of 20 ms of a codec.
 *
 * @param said at 16 kHz
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
record SpokenStream(AudioCodec codec, short[] said, Speech.Payloads payloads) {
    private static final int NARROW = 8_000;

    static SpokenStream of(Codecs codecs, AudioCodec codec, int seconds)
            throws InterruptedException {
        List<short[]> voices = Speech.voices(NARROW);
        short[] room = Speech.quietRoom(NARROW, 5);
        short[] narrow = new short[seconds * NARROW];
        int at = 0;
        for (int turn = 0; at < narrow.length; turn++) {
            short[] voice = voices.get(2 * turn % voices.size());
            int length = Math.min(voice.length, narrow.length - at);
            System.arraycopy(voice, 0, narrow, at, length);
            at += length;
        }
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (short) Math.clamp(narrow[i] + room[i % room.length], -32_768, 32_767);
        }
        short[] said = HeardSpeech.wide(narrow, NARROW);
        Speech.Payloads payloads =
                codec == AudioCodec.OPUS
                        ? Speech.opus(
                                codecs, said, new OpusSettings(16_000, 5, 24_000, true, 15, false))
                        : Speech.pcmu(narrow);
        return new SpokenStream(codec, said, payloads);
    }

    int packets() {
        return payloads.frames().length;
    }
}
