package dev.roomline.media.room;

import dev.roomline.media.codec.AudioCodec;
import dev.roomline.media.codec.OpusWishes;
import dev.roomline.media.leg.BrowserLeg;
import dev.roomline.media.leg.Drop;
import dev.roomline.media.leg.Ear;
import dev.roomline.media.leg.PassThroughPolicy;
import dev.roomline.media.leg.PhoneLeg;
import dev.roomline.media.leg.Relay;
import dev.roomline.media.leg.SoundPacket;
import dev.roomline.media.leg.Workbench;
import dev.roomline.media.rtp.Sequences;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sends phones the packets of the one whom they hear, as they come, where both have the same codec:
 * no jitter buffer, decoder or encoder of ours is between them. Mixing begins with the second who
 * speaks, and with whatever else must be mixed. Where packets give way to a mix in the midst of
 * sound, the mix goes on behind the last packet; where a mix gives way, what it has kept back is
 * sent first: of G.711 each sample is heard once. What goes wrong while a phone is sent something
 * is that phone's fault, and not the speaker's. Owner: the room.
 */
final class Forwards {
    /** After the second has ceased to speak mixes go on for so long: people answer one another. */
    static final long LINGER_NANOS = 2_000_000_000L;

    /** Nothing of a source for so long: silence is sent in its place. */
    static final long CUT_OFF_NANOS = 150_000_000L;

    /** A mix that has not come to what follows the last packet by then begins anywhere. */
    private static final int MOST_WAITED_TICKS = 10;

    private static final int FRAME = 160;

    /** From here on a phone gets Opus with redundancy of ours, and below the other no longer. */
    private static final double MOST_LOSS_SHARE = 0.03;

    private static final double LEAST_LOSS_SHARE = 0.01;

    /** Opus that says only that nothing is said. */
    private static final int DTX_OCTETS = 2;

    private final List<Member> members;
    private final Workbench bench;
    private final RoomEvents events;

    private int talking;
    private @Nullable Member firstTalking;
    private @Nullable Member secondTalking;
    private int audible;
    private @Nullable Member firstAudible;
    private @Nullable Member secondAudible;

    /**
     * @param members the room's own list
     */
    Forwards(List<Member> members, Workbench bench, RoomEvents events) {
        this.members = members;
        this.bench = bench;
        this.events = events;
    }

    /**
     * Decides for each phone whom it is sent as it comes.
     *
     * @param announcing everybody is to hear something else
     */
    void plan(boolean announcing, long nowNanos) {
        count();
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get(i);
            if (!(member.leg instanceof PhoneLeg phone) || member.faulty) {
                continue;
            }
            try {
                turn(
                        member,
                        phone,
                        announcing ? null : sourceOf(member, phone, nowNanos),
                        nowNanos);
            } catch (RuntimeException fault) {
                member.fault(fault, events);
            }
        }
    }

    private void count() {
        talking = 0;
        audible = 0;
        firstTalking = null;
        secondTalking = null;
        firstAudible = null;
        secondAudible = null;
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get(i);
            if (!member.leg.audible()) {
                continue;
            }
            audible++;
            secondAudible = audible == 2 ? member : secondAudible;
            firstAudible = audible == 1 ? member : firstAudible;
            if (member.leg.talk().talking()) {
                talking++;
                secondTalking = talking == 2 ? member : secondTalking;
                firstTalking = talking == 1 ? member : firstTalking;
            }
        }
    }

    private @Nullable Member sourceOf(Member hearer, PhoneLeg phone, long nowNanos) {
        Member lone = loneFor(hearer, nowNanos);
        boolean free = lone == hearer.feed.source || nowNanos >= hearer.feed.mixUntilNanos;
        return lone != null && free && goes(lone, phone) && gets(hearer, phone, lone, nowNanos)
                ? lone
                : null;
    }

    /** The only one whom a phone hears; null: several, or nobody. */
    private @Nullable Member loneFor(Member hearer, long nowNanos) {
        boolean audibleItself = hearer.leg.audible();
        int others = talking - (audibleItself && hearer.leg.talk().talking() ? 1 : 0);
        if (others > 1) {
            hearer.feed.mixUntilNanos = nowNanos + LINGER_NANOS;
            return null;
        }
        if (others == 1) {
            return firstTalking == hearer ? secondTalking : firstTalking;
        }
        if (audible - (audibleItself ? 1 : 0) == 1) {
            return firstAudible == hearer ? secondAudible : firstAudible;
        }
        // all pause: whoever spoke last is heard breathing
        Member last = hearer.feed.last;
        if (last != null && last.leg.audible() && members.contains(last)) {
            return last;
        }
        return firstAudible == hearer ? secondAudible : firstAudible;
    }

    private boolean goes(Member source, PhoneLeg phone) {
        AudioCodec own = source.leg.forwards();
        return own != null
                && isAsWished(own, source, phone)
                && bench.passThrough() != PassThroughPolicy.NEVER
                && !source.paused
                && phone.hearsMix()
                && phone.relay().takes(own);
    }

    /**
     * G.711 is what it is; of Opus a phone may wish less than others send. Two streams of G.722
     * cannot be joined: each means what its decoder has become by all that was before.
     */
    private static boolean isAsWished(AudioCodec own, Member source, PhoneLeg phone) {
        return switch (own) {
            case PCMU, PCMA -> true;
            case G722 -> false;
            case OPUS -> {
                OpusWishes wishes = phone.opusWishes();
                boolean most = wishes.bitsPerSecond() >= OpusWishes.NONE.bitsPerSecond();
                boolean loud =
                        !(source.leg instanceof BrowserLeg browser) || browser.isAtItsOwnVolume();
                yield most && !wishes.cbr() && loud;
            }
        };
    }

    /** Where much of Opus is lost it is encoded with the redundancy that this asks for. */
    private static boolean gets(Member hearer, PhoneLeg phone, Member source, long nowNanos) {
        if (phone.mixCodec() != AudioCodec.OPUS) {
            return true;
        }
        boolean current = hearer.feed.source == source;
        double most = current ? MOST_LOSS_SHARE : LEAST_LOSS_SHARE;
        boolean speaks = current && source.leg.talk().talking();
        return speaks || phone.lossShare(nowNanos) < most;
    }

    private void turn(Member hearer, PhoneLeg phone, @Nullable Member next, long nowNanos) {
        Feed feed = hearer.feed;
        Member before = feed.source;
        if (before == next) {
            return;
        }
        Relay relay = phone.relay();
        if (next != null && before == null && (feed.spliced != null || goesOnFrom(hearer, next))) {
            boolean caughtUp =
                    feed.spliced == null
                            && next.leg instanceof PhoneLeg source
                            && source.catchUp(relay, nowNanos);
            if (!caughtUp) {
                return;
            }
        } else if (next != null) {
            relay.await(nowNanos);
        }
        feed.source = next;
        if (next != null) {
            feed.last = next;
            feed.relayed = true;
            feed.spliced = null;
            hearer.closeListener();
        } else if (before != null && relay.isBegun() && goesOn(before, hearer)) {
            follow(hearer, relay, before, phone);
        } else if (before != null && phone.mixCodec() == AudioCodec.OPUS) {
            relay.cease();
        }
    }

    private static void follow(Member hearer, Relay relay, Member before, PhoneLeg phone) {
        Feed feed = hearer.feed;
        if (phone.mixCodec() == AudioCodec.OPUS) {
            before.onset = Ear.Onset.NEXT;
            relay.cease();
            // others may hear that one's mix already, in the midst of its sound
            feed.silent = true;
            // of one that is held nothing is left to be faded
            hearer.ended = hearer.fadesOut();
        } else {
            before.onset = Ear.Onset.NEXT_UNFADED;
            feed.spliced = before;
            feed.waited = 0;
            relay.goOnAsMix();
        }
    }

    /** Whether its sound is heard on, as part of a mix. */
    private boolean goesOn(Member source, Member hearer) {
        return members.contains(source) && source.leg.audible() && !source.paused && hearer.hears();
    }

    /** In the midst of its sound nothing of what a mix has kept back may be lost. */
    private static boolean goesOnFrom(Member hearer, Member next) {
        Ear ear = next.leg.ear();
        boolean heard = ear.isPlaying() && next.leg.talk().talking();
        // what a hold has silenced rises with the first packet
        boolean rises = hearer.feed.silent && next.leg.forwards() != AudioCodec.OPUS;
        return heard && !next.resumes && hearer.listener != null && !rises;
    }

    /**
     * Sends a packet to all who hear its speaker so.
     *
     * @return whether anybody does
     */
    boolean hand(Member from, SoundPacket sound, long nowNanos) {
        boolean handed = false;
        for (int i = 0; i < members.size(); i++) {
            Member to = members.get(i);
            if (to.feed.source != from || !(to.leg instanceof PhoneLeg phone)) {
                continue;
            }
            if (!to.hears() || !phone.relay().takes(sound.codec()) || to.faulty) {
                continue;
            }
            handed = true;
            try {
                hand(from, to, phone, sound, nowNanos);
            } catch (RuntimeException fault) {
                to.fault(fault, events);
            }
        }
        return handed;
    }

    private void hand(Member from, Member to, PhoneLeg phone, SoundPacket sound, long nowNanos) {
        to.ended = false;
        to.feed.relayed = true;
        boolean quiet = !from.leg.talk().talking();
        if (quiet && sound.codec() == AudioCodec.OPUS && sound.length() <= DTX_OCTETS) {
            return;
        }
        if (to.feed.silent) {
            to.feed.silent = false;
            phone.relay().rise();
        }
        if (!phone.relay().send(sound, quiet, to.feed.frameNanos, nowNanos)) {
            bench.drop(Drop.SLOT_LATE);
        }
    }

    /** Whether a phone is sent packets of somebody else now, so that a tick owes it nothing. */
    boolean isFed(Member hearer, long nowNanos) {
        if (hearer.feed.source == null || !(hearer.leg instanceof PhoneLeg phone)) {
            return false;
        }
        Relay relay = phone.relay();
        return relay.isOn()
                && phone.hearsMix()
                && relay.takes(phone.mixCodec())
                && nowNanos - relay.lastNanos() < CUT_OFF_NANOS;
    }

    /**
     * A tick sends this phone something: what it was sent as packets is over.
     *
     * @return whether time has been passed up to now
     */
    boolean rest(Member hearer, long nowNanos) {
        if (!(hearer.leg instanceof PhoneLeg phone)) {
            return false;
        }
        Feed feed = hearer.feed;
        feed.frameNanos = nowNanos;
        boolean relayed = feed.relayed;
        feed.relayed = false;
        Member source = feed.spliced;
        if (source == null) {
            phone.relay().end(nowNanos);
            return relayed;
        }
        int samples = played(source.leg.ear(), phone.relay());
        boolean over = ++feed.waited > MOST_WAITED_TICKS || !source.leg.audible();
        if (over || samples >= FRAME) {
            feed.spliced = null;
        } else {
            phone.relay().cutNext(FRAME - Math.max(0, samples));
            feed.spliced = samples > 0 ? null : source;
        }
        return true;
    }

    /** Samples of a source's ear behind the last packet that was sent, when this tick is over. */
    private static int played(Ear ear, Relay relay) {
        if (!ear.isPlaying()) {
            return 0;
        }
        int next = Sequences.next(relay.lastSequence());
        int packets = Sequences.difference(ear.nextSequence(), next);
        return packets * relay.lastSamples() - ear.samplesBeforeNext();
    }
}
