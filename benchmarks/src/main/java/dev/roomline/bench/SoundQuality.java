package dev.roomline.bench;

import dev.roomline.bench.Recording.Sound;
import dev.roomline.bench.Speech.Payloads;
import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.Codecs;
import dev.roomline.media.codec.OpusSettings;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What no speech should have in it, by tones through whole servers: the image of a PCMU phone's
 * tone where an Opus phone hears it; what is left of an Opus phone's tones above 4 kHz where a PCMU
 * phone hears them, folded down; and two talkers at −1 dBFS together.
 */
final class SoundQuality implements Scenario {
    private static final int SETTLE_MILLIS = 6_000;
    private static final double AMPLITUDE = 10_000;
    private static final double LOUD_AMPLITUDE = 32_767 * Math.pow(10, -1 / 20.0);
    private static final double MOST_IMAGE_DB = -60;
    private static final double MOST_ALIAS_DB = -55;
    private static final double ALIAS_FROM_HERTZ = 4_700;
    private static final double LOUD_ONE_HERTZ = 440;
    private static final double LOUD_OTHER_HERTZ = 620;

    /** A sum of those two that is only limited stays far below, one that wraps far above. */
    private static final int WRAPPED_STEP = 40_000;

    private static final double[] IMAGES_HERTZ = {1_000, 3_000};
    private static final double[] SWEEP_HERTZ = {
        4_100, 4_300, 4_500, 4_700, 5_000, 5_400, 5_800, 6_200, 6_600, 7_000, 7_400, 7_800
    };
    private static final int TONE_SECONDS = 10;

    private final Codecs codecs;

    SoundQuality(Codecs codecs) {
        this.codecs = codecs;
    }

    /** What one server made of it; NaN what it cannot be asked. */
    private record Heard(
            double imageDb, double aliasDb, double distortionPercent, int largestStep) {}

    private record Seat(AudioCodec codec, Payloads says, PhoneStream.Ear ear) {}

    @Override
    public List<Aim> run(PerformancePage page) throws InterruptedException {
        page.print("");
        page.print(
                "| server | tone, Hz | from → to | tone at the hearer, dBov | its image, dB of it |");
        page.print("|---|---|---|---|---|");
        List<String> later = new ArrayList<>();
        Heard mine = null;
        List<String> loud = new ArrayList<>();
        for (String name : List.of("roomline", "rtpengine", "janus")) {
            try (MediaPlane plane = plane(name)) {
                Heard heard = listen(plane, page, later);
                mine = mine == null ? heard : mine;
                if (plane.mixes()) {
                    loud.add(
                            String.format(
                                    Locale.ROOT,
                                    "| %s | %.1f | %d | %s |",
                                    plane.name(),
                                    heard.distortionPercent(),
                                    heard.largestStep(),
                                    heard.largestStep() > WRAPPED_STEP ? "yes" : "no"));
                }
            }
        }
        page.print("");
        page.print(
                "| server | tone from Opus in its voice mode, Hz | as it was sent, dBov | folded down at the PCMU phone, dB of it | everything there, dB of it |");
        page.print("|---|---|---|---|---|");
        later.forEach(page::print);
        page.print("");
        page.print(
                "| two PCMU talkers at −1 dBFS (%.0f, %.0f Hz) heard by a third | all but the two tones, %% of them | largest step between samples | wraps |"
                        .formatted(LOUD_ONE_HERTZ, LOUD_OTHER_HERTZ));
        page.print("|---|---|---|---|");
        loud.forEach(page::print);
        page.print("");
        return mine == null ? List.of() : aims(mine);
    }

    private static List<Aim> aims(Heard mine) {
        return List.of(
                Aim.atMost(
                        "image of 1 and 3 kHz, PCMU → Opus heard at 16 kHz",
                        Spread.of(mine.imageDb()),
                        1,
                        MOST_IMAGE_DB,
                        " dB"),
                Aim.atMost(
                        "4.7 to 8 kHz of Opus folded into PCMU",
                        Spread.of(mine.aliasDb()),
                        1,
                        MOST_ALIAS_DB,
                        " dB"),
                new Aim(
                        "two talkers at −1 dBFS",
                        "no wrap, THD stated",
                        String.format(
                                Locale.ROOT,
                                "largest step %d, THD+N %.1f %%",
                                mine.largestStep(),
                                mine.distortionPercent()),
                        Aim.Verdict.of(mine.largestStep() <= WRAPPED_STEP)));
    }

    private static MediaPlane plane(String name) throws InterruptedException {
        return switch (name) {
            case "roomline" -> new RoomlineRooms("Roomline", Server.Setup.of(40).on("0"));
            case "rtpengine" -> new Rtpengine("0");
            default -> new JanusRooms("0");
        };
    }

    private Heard listen(MediaPlane plane, PerformancePage page, List<String> sweepRows)
            throws InterruptedException {
        List<Recording> images = new ArrayList<>();
        List<Recording> sweep = new ArrayList<>();
        List<Payloads> sent = new ArrayList<>();
        Recording together = new Recording(codecs, AudioCodec.PCMU);
        try (PhoneWire wire = new PhoneWire()) {
            List<PhoneStream> phones = new ArrayList<>();
            int room = 0;
            for (double hertz : IMAGES_HERTZ) {
                Recording recording = new Recording(codecs, AudioCodec.OPUS);
                images.add(recording);
                join(plane, wire, phones, room++, imageRoom(plane, hertz, recording));
            }
            for (double hertz : SWEEP_HERTZ) {
                Recording recording = new Recording(codecs, AudioCodec.PCMU);
                Payloads tone = voiceMode(hertz);
                sweep.add(recording);
                sent.add(tone);
                join(
                        plane,
                        wire,
                        phones,
                        room++,
                        List.of(
                                new Seat(AudioCodec.PCMU, silentPcmu(), recording),
                                new Seat(AudioCodec.OPUS, tone, (_, _) -> {})));
            }
            if (plane.mixes()) {
                join(plane, wire, phones, room, loudRoom(together));
            }
            try (Crowd _ = new Crowd("phones", wire, phones)) {
                plane.rest(SETTLE_MILLIS);
            }
            plane.leave();
        }
        double alias = aliases(plane.name(), sweep, sent, sweepRows);
        Sound sum = together.sound();
        return new Heard(
                images(plane.name(), images, page),
                alias,
                plane.mixes()
                        ? sum.distortionPercent(LOUD_ONE_HERTZ, LOUD_OTHER_HERTZ)
                        : Double.NaN,
                plane.mixes() ? sum.largestStep() : 0);
    }

    /** With a third phone of Opus where there may be one, so that nobody is coded at 8 kHz. */
    private List<Seat> imageRoom(MediaPlane plane, double hertz, Recording recording) {
        List<Seat> seats = new ArrayList<>();
        seats.add(
                new Seat(
                        AudioCodec.PCMU, Speech.pcmu(tone(hertz, 8_000, AMPLITUDE)), (_, _) -> {}));
        seats.add(new Seat(AudioCodec.OPUS, Burst.silentOpus(codecs), recording));
        if (plane.mixes()) {
            seats.add(new Seat(AudioCodec.OPUS, Burst.silentOpus(codecs), (_, _) -> {}));
        }
        return seats;
    }

    private static List<Seat> loudRoom(Recording together) {
        return List.of(
                new Seat(AudioCodec.PCMU, silentPcmu(), together),
                new Seat(AudioCodec.PCMU, loud(LOUD_ONE_HERTZ), (_, _) -> {}),
                new Seat(AudioCodec.PCMU, loud(LOUD_OTHER_HERTZ), (_, _) -> {}));
    }

    private static Payloads loud(double hertz) {
        return Speech.pcmu(tone(hertz, 8_000, LOUD_AMPLITUDE));
    }

    private static Payloads silentPcmu() {
        return Burst.silentPcmu();
    }

    /** An encoder opened at 16 kHz for voice at 24 kb/s has no other mode than SILK to 8 kHz. */
    private Payloads voiceMode(double hertz) {
        return Speech.opus(codecs, tone(hertz, 16_000, AMPLITUDE), OpusSettings.voice(16_000, 5));
    }

    private static short[] tone(double hertz, int rateHz, double amplitude) {
        short[] tone = new short[TONE_SECONDS * rateHz];
        for (int n = 0; n < tone.length; n++) {
            tone[n] = (short) Math.round(amplitude * Math.sin(2 * Math.PI * hertz * n / rateHz));
        }
        return tone;
    }

    private static void join(
            MediaPlane plane, PhoneWire wire, List<PhoneStream> phones, int room, List<Seat> seats)
            throws InterruptedException {
        List<AudioCodec> kinds = seats.stream().map(Seat::codec).toList();
        List<InetSocketAddress> places = plane.join(room, kinds, wire.port());
        for (int i = 0; i < seats.size(); i++) {
            Seat seat = seats.get(i);
            PhoneStream phone =
                    new PhoneStream(seat.says(), 0, 0x10000 + phones.size(), seat.ear());
            phone.connect(places.get(i));
            phones.add(phone);
        }
    }

    /** The worst of them. */
    private static double images(String server, List<Recording> heard, PerformancePage page) {
        double worst = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < heard.size(); i++) {
            Sound sound = heard.get(i).sound();
            double tone = sound.dbov(IMAGES_HERTZ[i]);
            double image = sound.dbov(8_000 - IMAGES_HERTZ[i]) - tone;
            worst = Math.max(worst, image);
            page.print(
                    String.format(
                            Locale.ROOT,
                            "| %s | %.0f | PCMU → Opus | %.1f | %.1f |",
                            server,
                            IMAGES_HERTZ[i],
                            tone,
                            image));
        }
        return worst;
    }

    /** The worst of those that must be gone. */
    private double aliases(
            String server, List<Recording> heard, List<Payloads> sent, List<String> rows) {
        double worst = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < heard.size(); i++) {
            double hertz = SWEEP_HERTZ[i];
            Sound sound = heard.get(i).sound();
            double original = Recording.of(codecs, AudioCodec.OPUS, sent.get(i)).dbov(hertz);
            double folded = sound.dbov(8_000 - hertz) - original;
            if (hertz >= ALIAS_FROM_HERTZ) {
                worst = Math.max(worst, folded);
            }
            rows.add(
                    String.format(
                            Locale.ROOT,
                            "| %s | %.0f | %.1f | %.1f | %.1f |",
                            server,
                            hertz,
                            original,
                            folded,
                            sound.dbov() - original));
        }
        return worst;
    }
}
