package dev.roomline.sip.auth;

import dev.roomline.sip.message.HeaderField;
import java.util.List;

/**
 * The response that a request gets which is not let in.
 *
 * @param status 401 or 407 with challenges, or 403
 * @param headers the challenges, or {@code Retry-After}
 */
public record AuthAnswer(int status, List<HeaderField> headers) {
    public AuthAnswer {
        headers = List.copyOf(headers);
    }
}
