package dev.roomline.bridge.store;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/** The words with which a first start tells a person what to do. */
final class Greeting {
    private Greeting() {}

    /**
     * @param made the fields of {@code first-start.json}
     * @param file where they stand
     */
    static String text(Map<String, String> made, Path file) {
        String base = get(made, "room_url").replaceFirst("/join/.*$", "");
        return """

                Roomline is ready for its first call.

                  1. Open the room in a browser:   %s
                  2. Call it from a SIP phone:     %s
                       user name                   %s
                       password                    %s
                     With a softphone: add an account with this user name and password, the host
                     of the address above as its domain, without registration; then dial the address.
                     With baresip, in one line:
                       baresip -e "/uanew <sip:%s@%s>;regint=0;auth_user=%s;auth_pass=%s" -e "/dial %s"

                  The API's key is %s, its token %s. Try it:
                       curl -H "Authorization: Bearer %s" %s/v1/rooms

                These words stand also in %s.
                They are shown at each start until you delete that file; keep it to yourself.
                """
                .formatted(
                        get(made, "room_url"),
                        get(made, "sip_uri"),
                        get(made, "username"),
                        get(made, "password"),
                        get(made, "username"),
                        get(made, "sip_uri").replaceFirst("^sip:[^@]*@", ""),
                        get(made, "username"),
                        get(made, "password"),
                        get(made, "sip_uri"),
                        get(made, "api_key"),
                        get(made, "api_token"),
                        get(made, "api_token"),
                        base,
                        file);
    }

    private static String get(Map<String, String> made, String field) {
        return Objects.requireNonNullElse(made.get(field), "");
    }
}
