package dev.roomline.media.room;

import java.util.List;

/**
 * Chooses whom a mix is made of: everybody while they are few, else the loudest. Who is in stays in
 * until another is louder by more than a breath, so that nobody flickers. Owner: the room.
 */
final class Loudest {
    static final int MOST = 6;

    /** How much louder a newcomer must be than the quietest that is in. */
    static final double HYSTERESIS_DB = 6;

    private Loudest() {}

    /** Sets {@link Member#chosen} of each; those that may not be heard are never chosen. */
    static void choose(List<Member> members) {
        int audible = 0;
        int chosen = 0;
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get(i);
            if (!member.leg.audible()) {
                member.chosen = false;
                continue;
            }
            audible++;
            chosen += member.chosen ? 1 : 0;
        }
        if (audible <= MOST) {
            for (int i = 0; i < members.size(); i++) {
                members.get(i).chosen = members.get(i).leg.audible();
            }
            return;
        }
        while (chosen > MOST) {
            extreme(members, true, false).chosen = false;
            chosen--;
        }
        while (chosen < MOST) {
            extreme(members, false, true).chosen = true;
            chosen++;
        }
        Member quietest = extreme(members, true, false);
        Member challenger = extreme(members, false, true);
        if (loudness(challenger) > loudness(quietest) + HYSTERESIS_DB) {
            quietest.chosen = false;
            challenger.chosen = true;
        }
    }

    private static double loudness(Member member) {
        return member.leg.talk().loudnessDbov();
    }

    /** The quietest of those in, or the loudest of those out. */
    private static Member extreme(List<Member> members, boolean in, boolean loudest) {
        Member found = null;
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get(i);
            if (!member.leg.audible() || member.chosen != in) {
                continue;
            }
            if (found == null
                    || (loudest
                            ? loudness(member) > loudness(found)
                            : loudness(member) < loudness(found))) {
                found = member;
            }
        }
        if (found == null) {
            throw new IllegalStateException("more are audible than are chosen, yet none is left");
        }
        return found;
    }
}
