package dev.roomline.media.room;

import dev.roomline.media.leg.BrowserLeg;
import dev.roomline.media.leg.Ear;
import dev.roomline.media.leg.Leg;
import java.util.List;

/**
 * Who is heard by anybody, and how well by the worst of those who hear it. Owner: its {@link Room}.
 */
final class Audience {
    private final List<Member> members;
    private final Slots slots;

    /**
     * @param members the room's own list
     */
    Audience(List<Member> members, Slots slots) {
        this.members = members;
        this.slots = slots;
    }

    /** Opens the ears that somebody will hear this tick, and closes the others. */
    void openEars(long nowNanos) {
        int mixHearers = 0;
        for (int i = 0; i < members.size(); i++) {
            mixHearers += hearsMix(members.get(i)) ? 1 : 0;
        }
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get(i);
            boolean heard =
                    member.leg.audible()
                            && (isMixed(member, mixHearers)
                                    || slots.needEncoding(member, nowNanos));
            if (heard) {
                member.leg.ear().open(member.onset, nowNanos);
            } else {
                member.leg.ear().shut();
            }
            member.onset = Ear.Onset.NEWEST;
        }
    }

    /** Whether a mix is made for it: not where it gets somebody's packets as they come. */
    static boolean hearsMix(Member member) {
        return member.hears() && !member.feed.isOn();
    }

    /**
     * Whether its sound may be in somebody's mix. Whose packets do not tell how loud it is must be
     * decoded to be known.
     */
    private static boolean isMixed(Member member, int mixHearers) {
        int others = mixHearers - (hearsMix(member) ? 1 : 0);
        return others > 0 && (member.chosen || member.leg.forwards() == null);
    }

    /** Each who speaks is told what the worst of the browsers that hear it loses. */
    void tellLoss(long nowNanos) {
        double worst = 0;
        double second = 0;
        int worstId = 0;
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i).leg instanceof BrowserLeg browser) {
                double loss = browser.slotLossShare(nowNanos);
                if (loss > worst) {
                    second = worst;
                    worst = loss;
                    worstId = browser.id();
                } else {
                    second = Math.max(second, loss);
                }
            }
        }
        for (int i = 0; i < members.size(); i++) {
            Leg leg = members.get(i).leg;
            leg.listenersLose(leg.id() == worstId ? second : worst);
        }
    }
}
