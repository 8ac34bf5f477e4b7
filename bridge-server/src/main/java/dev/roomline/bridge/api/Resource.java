package dev.roomline.bridge.api;

import dev.roomline.bridge.config.Declared.Scope;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Things of one kind that clients make, list, look at, change and remove. */
public interface Resource {
    Answer create(Ask ask) throws TimeoutException, InterruptedException;

    Answer list(Ask ask) throws TimeoutException, InterruptedException;

    Answer get(Ask ask) throws TimeoutException, InterruptedException;

    Answer update(Ask ask) throws TimeoutException, InterruptedException;

    Answer delete(Ask ask) throws TimeoutException, InterruptedException;

    /**
     * Their routes.
     *
     * @param one what the path's parameter is called
     * @param bodyLimit octets
     * @param changing the methods by which one is changed
     */
    default List<Route> routes(
            String path, String one, Set<Scope> scopes, int bodyLimit, List<String> changing) {
        String single = path + "/:" + one;
        return Stream.concat(
                        Stream.of(
                                new Route("POST", path, scopes, bodyLimit, this::create),
                                new Route("GET", path, scopes, 0, this::list),
                                new Route("GET", single, scopes, 0, this::get),
                                new Route("DELETE", single, scopes, 0, this::delete)),
                        changing.stream()
                                .map(
                                        method ->
                                                new Route(
                                                        method,
                                                        single,
                                                        scopes,
                                                        bodyLimit,
                                                        this::update)))
                .toList();
    }
}
