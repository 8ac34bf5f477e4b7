package dev.roomline.bridge.outbound;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Beginnings of international numbers whose callers pay the called party, or pay for a satellite:
 * the ranges that stolen keys are used for. Of national numbering plans as published with ITU-T
 * E.164; not complete, since plans change: {@code limits.denied_prefixes} adds to it, and {@code
 * limits.allowed_prefixes} is the safer way.
 */
final class PremiumRanges {
    private static final Set<String> RANGES = new HashSet<>();

    static {
        // no country's: international premium rate, networks, satellites
        add("979", "881", "882", "883", "870");
        // the North American plan
        add("1900", "1976");
        // Africa
        add("20900", "212898", "234900", "254900", "27862", "27866");
        // Europe
        add("3090", "31900", "31906", "31909", "3290", "3389", "34803", "34806", "34807", "34905");
        add("34907", "3690", "3691", "39892", "39894", "39895", "39899", "35176", "352900");
        add("352901", "352905", "35490", "355900", "35790", "358600", "358700", "359900");
        add("370900", "371900", "372900", "373900", "375902", "380900", "381900", "38560", "38690");
        add("40900", "40906", "41900", "41901", "41906", "420900", "420905", "420906", "420908");
        add("420909", "421900", "43900", "43901", "43930", "43931", "43939", "449", "44871");
        add("44872", "44873", "4590", "46900", "46939", "46944", "47820", "47829", "4870", "49900");
        add("7803", "7809");
        // Latin America
        add("52900", "54600", "55900", "58900");
        // Asia and the Pacific
        add("60600", "61190", "62809", "63900900", "64900", "651900", "661900", "81990", "8260");
        add("841900", "90900", "90898", "911900", "92900", "94900", "966700", "971900", "9721900");
    }

    private PremiumRanges() {}

    private static void add(String... prefixes) {
        RANGES.addAll(List.of(prefixes));
    }

    static boolean holds(String digits) {
        for (int length = 1; length <= digits.length(); length++) {
            if (RANGES.contains(digits.substring(0, length))) {
                return true;
            }
        }
        return false;
    }
}
