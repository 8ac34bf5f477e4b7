package dev.roomline.bridge.docs;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** Reads from a test's source which sections it claims to prove. */
final class TaggedTests {

    /**
     * @param tag as {@code RFC3261§17.2.1}
     * @param method empty if the whole class claims it
     */
    record Claim(String tag, String testClass, String method) {}

    private TaggedTests() {}

    static List<Claim> in(String name, String source) {
        if (!source.contains("@Tag(\"RFC")) {
            return List.of();
        }
        JavaFileObject file =
                new SimpleJavaFileObject(
                        URI.create("string:///" + name), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }
                };
        JavacTask parser =
                (JavacTask)
                        ToolProvider.getSystemJavaCompiler()
                                .getTask(null, null, fault -> {}, null, null, List.of(file));
        List<Claim> claims = new ArrayList<>();
        try {
            for (CompilationUnitTree unit : parser.parse()) {
                new Reader(claims).scan(unit, null);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return claims;
    }

    private static final class Reader extends TreeScanner<@Nullable Void, @Nullable String> {
        private final List<Claim> claims;

        Reader(List<Claim> claims) {
            this.claims = claims;
        }

        @Override
        public @Nullable Void visitClass(ClassTree type, @Nullable String outer) {
            String name = outer == null ? type.getSimpleName().toString() : outer;
            add(type.getModifiers().getAnnotations(), name, "");
            return super.visitClass(type, name);
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, @Nullable String name) {
            add(
                    method.getModifiers().getAnnotations(),
                    name == null ? "" : name,
                    method.getName().toString());
            return super.visitMethod(method, name);
        }

        private void add(List<? extends AnnotationTree> annotations, String type, String method) {
            for (AnnotationTree annotation : annotations) {
                if (!annotation.getAnnotationType().toString().equals("Tag")) {
                    continue;
                }
                for (ExpressionTree argument : annotation.getArguments()) {
                    if (argument instanceof LiteralTree literal
                            && literal.getValue() instanceof String tag
                            && tag.startsWith("RFC")) {
                        claims.add(new Claim(tag, type, method));
                    }
                }
            }
        }
    }
}
