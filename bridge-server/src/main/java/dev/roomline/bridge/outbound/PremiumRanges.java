package dev.roomline.bridge.outbound;

import java.util.Map;
import java.util.Set;

/**
 * Beginnings of international numbers whose callers pay the called party, or pay for a satellite:
 * the ranges that stolen keys are used for. Source: what the metadata of libphonenumber 9.0.18
 * calls premium rate, itself compiled from the national plans as the ITU publishes them
 * (itu.int/oth/T0202.aspx); of each range the shortest beginning that no other kind of number
 * shares. A test holds it against the metadata. To them come international premium rate (979, ITU-T
 * E.169.2), and what is no country's and costs as much: satellites (870, 881) and networks (882,
 * 883, ITU-T E.164.1). Plans change, and ordinary numbers of some countries cost as much as these:
 * {@code limits.denied_prefixes} adds to it, and {@code limits.allowed_prefixes} is the safer way.
 */
final class PremiumRanges {
    private static final Set<String> RANGES =
            Set.of(
                    """
                    124697 134597 1900
                    2090 21289 213803 213804 213805 213806 213808 213809 21688 22188 22709 23030 231332
                    2368 2409 2428 24885 2509 2549 2559 2569 26289 26487 2679 2689 2698 27862 27863
                    27864 27865 27866 27867 27868 27869 279 29790 29890
                    3090 3190 3270 3290 3381 3382 3383 3385 3386 3388 3389 34803 34806 34807 351601
                    351607 351608 35164 35176 352900 352901 352905 35490 3559 356500 356506 356507
                    356509 35651 35652 35790 358600 358700 35990 3690 3691 370900 370902 370903 370909
                    37091 3719 37240 3729 3739 37490 37581 3759 37610 37611 37612 37613 37614 37615
                    37616 37617 3761801 3761803 3761804 3761805 3761806 3761807 3761808 3761809 376181
                    376182 376183 376184 376185 376186 376187 376188 376189 37619 3769 3787 38090 38178
                    3819 3829 3839 38560 38561 38564 38565 38569 38689 3869 3879 3895 390878 3914 3916
                    3989
                    409 4190 42090 420976 421900 42197 42198 4239 4386 4389 439 4484 4487 449 4590
                    46649 46900 46939 46944 4699 4782 4870 4913 49900
                    50219 5039 5069 507822 507855 50786 507877 507878 507886 507900 507981 50881 50882
                    50889 51805 5290 5460 5550 5590 5719 5790 589 5929 59681 59682 59689 5979 59890
                    6119 62809 641 64500 64503 64506 64507 6490 6519 6709 68736
                    7803 7809
                    81990 8260 84190 852900 86160 86168 88620
                    9088 9089 909 911861 9290 9629 9669 968900 97190 972120 972121 97219 97387 9739
                    99490
                    870 881 882 883 979
                    """
                            .strip()
                            .split("\\s+"));

    /**
     * Shared with ordinary numbers that are shorter: by so many digits in all, the code of the
     * country among them, these are told apart.
     */
    private static final Map<String, Integer> RANGES_OF_LENGTH =
            Map.of(
                    "35315", 13, "601600", 12, "661900", 12, "8551900", 13, "911862", 15, "960900",
                    13, "96190", 11, "96191", 11);

    private static final int LONGEST = RANGES.stream().mapToInt(String::length).max().orElseThrow();

    private PremiumRanges() {}

    /** Whether such a number, from its country code on, is among them. */
    static boolean holds(String digits) {
        for (int length = 1; length <= Math.min(LONGEST, digits.length()); length++) {
            String beginning = digits.substring(0, length);
            if (RANGES.contains(beginning)
                    || RANGES_OF_LENGTH.getOrDefault(beginning, 0) == digits.length()) {
                return true;
            }
        }
        return false;
    }
}
