extension RunPage {
  /// What the page does: sorts and filters tables, zooms pictures; then it says in `data-state` that it is ready.
  ///
  /// The page can be read without it.
  static let script = """
    (() => {
      "use strict";
      const root = document.documentElement;
      addEventListener("error", event => { root.dataset.state = "error: " + event.message; });

      // Numbers sort by their exact value, the largest first; words by the alphabet; what is no number comes last.
      function sortable(table) {
        const headings = [...table.tHead.rows[0].cells];
        headings.forEach((heading, column) => heading.addEventListener("click", () => {
          const body = table.tBodies[0];
          const key = row => {
            const cell = row.cells[column];
            if (!("value" in cell.dataset)) return cell.textContent;
            return cell.dataset.value === "" ? NaN : Number(cell.dataset.value);
          };
          const rows = [...body.rows].map(row => [key(row), row]);
          const areWords = rows.every(([key]) => typeof key === "string");
          const before = heading.getAttribute("aria-sort");
          const direction = before === (areWords ? "ascending" : "descending")
            ? (areWords ? "descending" : "ascending") : (areWords ? "ascending" : "descending");
          const sign = direction === "ascending" ? 1 : -1;
          rows.sort(([a], [b]) => {
            if (areWords) return sign * a.localeCompare(b, "en", { numeric: true });
            if (isNaN(a) || isNaN(b)) return isNaN(a) - isNaN(b);
            return sign * (a - b);
          });
          body.append(...rows.map(([, row]) => row));
          headings.forEach(other => other.removeAttribute("aria-sort"));
          heading.setAttribute("aria-sort", direction);
        }));
      }

      function filter(input) {
        const body = document.getElementById(input.dataset.filters).tBodies[0];
        input.addEventListener("input", () => {
          const text = input.value.toLowerCase();
          for (const row of body.rows) row.hidden = !row.cells[0].textContent.toLowerCase().includes(text);
        });
      }

      // All views of a group show the same part: its corner and size are shares of the picture.
      function linked(group) {
        const views = [...group.querySelectorAll(".view")];
        const images = views.map(view => view.firstElementChild);
        let zoom = 1, left = 0, top = 0;
        const pointers = new Map();
        function show() {
          const limit = 1 - 1 / zoom;
          left = Math.min(Math.max(left, 0), limit);
          top = Math.min(Math.max(top, 0), limit);
          for (const image of images) {
            image.style.transform = zoom === 1 ? "" : `translate(${-left * zoom * 100}%, ${-top * zoom * 100}%) scale(${zoom})`;
          }
          group.classList.toggle("zoomed", zoom > 1);
          group.classList.toggle("pixels", zoom * images[0].clientWidth > 2 * images[0].naturalWidth);
        }
        // The point under (x, y), shares of a view, stays where it is.
        function zoomBy(factor, x, y) {
          const next = Math.min(Math.max(zoom * factor, 1), 64);
          left += x / zoom - x / next;
          top += y / zoom - y / next;
          zoom = next;
          show();
        }
        function place(event) {
          const box = event.target.closest(".view")?.getBoundingClientRect() ?? views[0].getBoundingClientRect();
          return { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
        }
        const middle = points => ({ x: points.reduce((sum, point) => sum + point.x, 0) / points.length, y: points.reduce((sum, point) => sum + point.y, 0) / points.length });
        const spread = points => points.length > 1 ? Math.hypot(points[0].x - points[1].x, points[0].y - points[1].y) : 0;
        for (const view of views) {
          view.addEventListener("wheel", event => {
            // A page that is scrolled past goes on scrolling.
            if (zoom === 1 && event.deltaY > 0) return;
            event.preventDefault();
            const { x, y } = place(event);
            zoomBy(Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.002)), x, y);
          }, { passive: false });
          view.addEventListener("pointerdown", event => {
            pointers.set(event.pointerId, place(event));
            if (event.pointerType === "mouse") view.setPointerCapture(event.pointerId);
          });
          view.addEventListener("pointermove", event => {
            const now = place(event);
            group.style.setProperty("--x", `${100 * now.x}%`);
            group.style.setProperty("--y", `${100 * now.y}%`);
            group.classList.toggle("pointed", event.pointerType === "mouse");
            if (!pointers.has(event.pointerId)) return;
            const before = [...pointers.values()];
            pointers.set(event.pointerId, now);
            const after = [...pointers.values()];
            const [from, to] = [middle(before), middle(after)];
            left -= (to.x - from.x) / zoom;
            top -= (to.y - from.y) / zoom;
            if (spread(before) > 0) zoomBy(spread(after) / spread(before), to.x, to.y);
            show();
          });
          for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
            view.addEventListener(end, event => pointers.delete(event.pointerId));
          }
          view.addEventListener("dblclick", () => { zoom = 1; show(); });
        }
        group.addEventListener("pointerleave", event => {
          pointers.delete(event.pointerId);
          group.classList.remove("pointed");
        });
        group.addEventListener("keydown", event => {
          const step = 0.1 / zoom;
          switch (event.key) {
            case "+": case "=": zoomBy(1.5, 0.5, 0.5); break;
            case "-": zoomBy(1 / 1.5, 0.5, 0.5); break;
            case "0": zoom = 1; break;
            case "ArrowLeft": left -= step; break;
            case "ArrowRight": left += step; break;
            case "ArrowUp": top -= step; break;
            case "ArrowDown": top += step; break;
            default: return;
          }
          event.preventDefault();
          show();
        });
      }

      document.querySelectorAll("table.sortable").forEach(sortable);
      document.querySelectorAll("input[data-filters]").forEach(filter);
      document.querySelectorAll(".views").forEach(linked);
      root.dataset.state = "ready";
    })();
    """
}
