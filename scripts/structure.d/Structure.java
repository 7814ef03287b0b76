import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Prints how the code below a folder is built: lines, cycles between packages, and lines that are repeated. */
public final class Structure {

    /** As many equal lines in a row make a repeated run. */
    private static final int RUN = 6;

    private static final Pattern PACKAGE = Pattern.compile("^package ([\\w.]+);", Pattern.MULTILINE);
    private static final Pattern QUALIFIED = Pattern.compile("(?<![\\w.\"])((?:[a-z_]\\w*\\.)+)[A-Z]\\w*");

    /** Lines that say nothing by themselves. */
    private static final Pattern THIN = Pattern.compile("[\\s{}();]*|import .*|package .*|//.*|/?\\*.*|@Override");

    private final Map<Path, List<String>> files = new TreeMap<>();
    private final Map<String, Integer> linesOfPackage = new TreeMap<>();
    private final Map<String, Set<String>> imports = new TreeMap<>();

    private Structure(Path folder) throws IOException {
        try (Stream<Path> found = Files.walk(folder)) {
            for (Path file : found.filter(path -> path.toString().endsWith(".java")).toList()) {
                files.put(file, Files.readAllLines(file));
            }
        }
        files.values().forEach(lines -> linesOfPackage.merge(packageOf(lines), lines.size(), Integer::sum));
        files.values().forEach(lines -> importsOf(packageOf(lines)).addAll(packagesNamedBy(lines)));
    }

    public static void main(String[] arguments) throws IOException {
        Structure structure = new Structure(Path.of(arguments[0]));
        structure.printRooms();
        print("lines of a file", structure.files.values().stream().map(List::size).toList());
        print("lines of a method", structure.methods());
        System.out.printf("repeated runs of %d lines or more: %d%n", RUN, structure.repeatedRuns());
        List<Set<String>> cycles = structure.cycles();
        System.out.printf("cycles between packages: %d%n", cycles.size());
        cycles.forEach(cycle -> System.out.println("  " + String.join(", ", cycle)));
        System.exit(cycles.isEmpty() ? 0 : 1);
    }

    /** A room is the first package below the one that all share; sub-packages count for it. */
    private void printRooms() {
        String root = Collections.min(linesOfPackage.keySet());
        int all = linesOfPackage.values().stream().mapToInt(Integer::intValue).sum();
        Map<String, Integer> rooms = new LinkedHashMap<>();
        linesOfPackage.forEach((name, lines) -> rooms.merge(room(root, name), lines, Integer::sum));
        System.out.printf("%-16s %7s %6s%n", "room", "lines", "share");
        rooms.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .forEach(room -> System.out.printf(
                        "%-16s %7d %5.1f%%%n", room.getKey(), room.getValue(), 100.0 * room.getValue() / all));
        System.out.printf("%-16s %7d%n%n", "all", all);
    }

    private static String room(String root, String name) {
        return name.equals(root) ? "(root)" : name.substring(root.length() + 1).split("\\.")[0];
    }

    private static void print(String what, List<Integer> sizes) {
        List<Integer> sorted = sizes.stream().sorted().toList();
        System.out.printf(
                "%s: %d counted, median %d, 95th percentile %d, largest %d%n",
                what,
                sorted.size(),
                sorted.get(sorted.size() / 2),
                sorted.get((int) Math.ceil(sorted.size() * 0.95) - 1),
                sorted.get(sorted.size() - 1));
    }

    /** From the first line of the signature to the closing brace; what has no body does not count. */
    private List<Integer> methods() throws IOException {
        List<Integer> sizes = new ArrayList<>();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, manager, null, List.of(), null, manager.getJavaFileObjectsFromPaths(files.keySet()));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                new MethodSizes(unit, positions, sizes).scan(unit, null);
            }
        }
        return sizes;
    }

    private static final class MethodSizes extends TreePathScanner<Void, Void> {

        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final List<Integer> sizes;

        MethodSizes(CompilationUnitTree unit, SourcePositions positions, List<Integer> sizes) {
            this.unit = unit;
            this.positions = positions;
            this.sizes = sizes;
        }

        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            if (method.getBody() != null && getCurrentPath().getParentPath().getLeaf() instanceof ClassTree) {
                LineMap lines = unit.getLineMap();
                long first = lines.getLineNumber(positions.getStartPosition(unit, method));
                long last = lines.getLineNumber(positions.getEndPosition(unit, method));
                sizes.add((int) (last - first + 1));
            }
            return super.visitMethod(method, nothing);
        }
    }

    /** How many runs occur again: each is followed for as long as its lines are equal, and counted once. */
    private int repeatedRuns() {
        Map<String, List<int[]>> windows = new HashMap<>();
        List<List<String>> telling = files.values().stream().map(Structure::tellingLines).toList();
        for (int file = 0; file < telling.size(); file++) {
            List<String> lines = telling.get(file);
            for (int line = 0; line + RUN <= lines.size(); line++) {
                windows.computeIfAbsent(String.join("\n", lines.subList(line, line + RUN)), key -> new ArrayList<>())
                        .add(new int[] {file, line});
            }
        }
        Set<String> starts = new HashSet<>();
        windows.values().stream().filter(places -> places.size() > 1).forEach(places -> {
            int[] first = places.get(0);
            int[] second = places.get(1);
            starts.add(first[0] + " " + second[0] + " " + (second[1] - first[1]));
        });
        return starts.size();
    }

    private static List<String> tellingLines(List<String> lines) {
        return lines.stream()
                .map(String::strip)
                .filter(line -> !THIN.matcher(line).matches())
                .toList();
    }

    /** Sets of packages each of which imports, by whatever way, all others of its set. */
    private List<Set<String>> cycles() {
        List<Set<String>> cycles = new ArrayList<>();
        Set<String> done = new HashSet<>();
        for (String name : imports.keySet()) {
            Set<String> cycle = new TreeSet<>(reachable(name));
            cycle.removeIf(other -> !reachable(other).contains(name));
            if (!cycle.isEmpty() && done.addAll(cycle)) {
                cycles.add(cycle);
            }
        }
        return cycles;
    }

    private Set<String> reachable(String from) {
        Set<String> found = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(importsOf(from));
        while (!open.isEmpty()) {
            String next = open.pop();
            if (found.add(next)) {
                open.addAll(importsOf(next));
            }
        }
        return found;
    }

    private Set<String> importsOf(String name) {
        return imports.computeIfAbsent(name, key -> new TreeSet<>());
    }

    private Set<String> packagesNamedBy(List<String> lines) {
        Set<String> named = new HashSet<>();
        Matcher matcher = QUALIFIED.matcher(String.join("\n", lines));
        while (matcher.find()) {
            String name = matcher.group(1).substring(0, matcher.group(1).length() - 1);
            if (linesOfPackage.containsKey(name) && !name.equals(packageOf(lines))) {
                named.add(name);
            }
        }
        return named;
    }

    private static String packageOf(List<String> lines) {
        Matcher matcher = PACKAGE.matcher(String.join("\n", lines));
        return matcher.find() ? matcher.group(1) : "";
    }
}
