package dev.roomline.bridge.store;

import dev.roomline.bridge.config.Declared;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Where inbound numbers without a room code lead. Blocks: virtual threads only. */
public interface InboundRoutes {

    Optional<RouteRow> find(String id);

    /** In the order in which they are asked: the file's, then those made by API by age. */
    List<RouteRow> all();

    /** Newest first. */
    Page<RouteRow> list(Page.@Nullable Cursor after, int limit);

    /** One per number and trunk. Missing: there is no such trunk. */
    Change<RouteRow> create(Declared.Route route);

    /**
     * @param edit what the route shall be, of what it is; empty: leave it
     */
    Change<RouteRow> update(String id, Function<Declared.Route, Optional<Declared.Route>> edit);

    Change<RouteRow> delete(String id);
}
