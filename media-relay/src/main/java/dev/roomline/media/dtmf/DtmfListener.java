package dev.roomline.media.dtmf;

/** Hears of telephone events as they end. Called on the loop that feeds the receiver. */
@FunctionalInterface
public interface DtmfListener {
    /**
     * @param digit one of {@code 0-9*#A-D}
     */
    void onDigit(char digit, int durationMillis);
}
