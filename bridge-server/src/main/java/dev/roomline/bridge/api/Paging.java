package dev.roomline.bridge.api;

import dev.roomline.bridge.api.Answer.Fault;
import dev.roomline.bridge.store.Page;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code ?limit=&cursor=} of a list.
 *
 * @param after where to go on; null: from the start
 */
public record Paging(int limit, Page.@Nullable Cursor after, List<Fault> faults) {
    private static final int MOST = 200;
    private static final Pattern CURSOR = Pattern.compile("(\\d{1,15})\\.([A-Za-z0-9_-]{1,80})");

    public static Paging of(Ask ask) {
        List<Fault> faults = new ArrayList<>();
        int limit = 50;
        Optional<String> wanted = ask.query("limit");
        if (wanted.isPresent()) {
            if (wanted.get().matches("[1-9]\\d{0,2}") && Integer.parseInt(wanted.get()) <= MOST) {
                limit = Integer.parseInt(wanted.get());
            } else {
                faults.add(new Fault("?limit", "must be a whole number from 1 to " + MOST));
            }
        }
        Optional<Page.Cursor> after = ask.query("cursor").flatMap(Paging::decode);
        if (ask.query("cursor").isPresent() && after.isEmpty()) {
            faults.add(new Fault("?cursor", "must be what an earlier answer gave as next"));
        }
        return new Paging(limit, after.orElse(null), faults);
    }

    /** {@code {"items": […], "next": …}}. */
    public static <T> Answer answer(Page<T> page, Function<T, Map<String, Object>> view) {
        Map<String, Object> list = new LinkedHashMap<>();
        list.put("items", page.items().stream().map(view).toList());
        list.put("next", page.next().map(Paging::encode).orElse(null));
        return Answer.json(200, list);
    }

    private static String encode(Page.Cursor cursor) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(
                        (cursor.epochMillis() + "." + cursor.id())
                                .getBytes(StandardCharsets.US_ASCII));
    }

    private static Optional<Page.Cursor> decode(String text) {
        try {
            Matcher matcher =
                    CURSOR.matcher(
                            new String(
                                    Base64.getUrlDecoder().decode(text),
                                    StandardCharsets.US_ASCII));
            return matcher.matches()
                    ? Optional.of(
                            new Page.Cursor(Long.parseLong(matcher.group(1)), matcher.group(2)))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
