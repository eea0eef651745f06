/* The twin of rows.py in C: the same draws, the same arithmetic in the same order, the same hits. */
#include <math.h>
#include <stdint.h>

#define UNITS 60
#define STEPS 500
static const double STEP_MIN = 5.0, HALF = 200.0, SLOW = 15.0, FAST = 60.0, REACH = 80.0, HAZARD = 0.01;

#ifdef APART /* separate arrays instead of rows */
typedef struct {
    double x0[UNITS], y0[UNITS], x1[UNITS], y1[UNITS], vx[UNITS], vy[UNITS], start[UNITS], end[UNITS];
    int64_t legs[UNITS];
    double met[UNITS], budget[UNITS], seen[UNITS];
} All;
#define F(field) w->field[k]
#else
typedef struct {
    double x0, y0, x1, y1, vx, vy, start, end;
    int64_t legs;
    double met, budget, seen;
} Walker;
typedef struct { Walker unit[UNITS]; } All;
#define F(field) w->unit[k].field
#endif

static double drawn(uint32_t run, uint32_t unit, uint32_t leg, uint32_t what) {
    uint32_t c0 = leg, c1 = unit, c2 = run, c3 = what, k0 = 20170518u, k1 = 0;
    for (int i = 0; i < 10; i++) {
        uint64_t p0 = (uint64_t)0xD2511F53u * c0, p1 = (uint64_t)0xCD9E8D57u * c2;
        uint32_t h0 = p0 >> 32, l0 = (uint32_t)p0, h1 = p1 >> 32, l1 = (uint32_t)p1;
        c0 = h1 ^ c1 ^ k0, c1 = l1, c2 = h0 ^ c3 ^ k1, c3 = l0;
        k0 += 0x9E3779B9u, k1 += 0xBB67AE85u;
    }
    return ((double)(((uint64_t)c0 << 20) | (c1 >> 12)) + 0.5) * (1.0 / 4503599627370496.0);
}

static void set_out(All *w, int k, uint32_t run, double minute) {
    F(legs) += 1;
    F(x0) = F(x1), F(y0) = F(y1);
    F(x1) = HALF * (2.0 * drawn(run, k, F(legs), 0) - 1.0);
    F(y1) = HALF * (2.0 * drawn(run, k, F(legs), 1) - 1.0);
    double speed = SLOW + (FAST - SLOW) * drawn(run, k, F(legs), 2);
    double dx = F(x1) - F(x0), dy = F(y1) - F(y0);
    double lasts = 60.0 * sqrt(dx * dx + dy * dy) / speed;
    F(vx) = dx / lasts, F(vy) = dy / lasts;
    F(start) = minute, F(end) = minute + lasts;
}

static int64_t one_run(All *w, uint32_t run) {
    int64_t seen = 0;
    for (int k = 0; k < UNITS; k++) {
        F(legs) = 0, F(met) = 0.0, F(seen) = -1.0;
        F(budget) = -log(drawn(run, k, 0, 3));
        F(x1) = HALF * (2.0 * drawn(run, k, 0, 0) - 1.0);
        F(y1) = HALF * (2.0 * drawn(run, k, 0, 1) - 1.0);
        set_out(w, k, run, 0.0);
    }
    for (int step = 0; step < STEPS; step++) {
        double now = STEP_MIN * (step + 1);
        for (int k = 0; k < UNITS; k++) {
            if (now >= F(end)) set_out(w, k, run, F(end));
            double gone = now - F(start);
            double x = F(x0) + gone * F(vx), y = F(y0) + gone * F(vy);
            double near = 1.0 - (x * x + y * y) * (1.0 / (REACH * REACH));
            if (near > 0.0) {
                F(met) += HAZARD * STEP_MIN * near;
                if (F(met) >= F(budget) && F(seen) < 0.0) F(seen) = now, seen++;
            }
        }
    }
    return seen;
}

void runs(int64_t count, int64_t first, int64_t *seen, double *minutes) {
    All all, *w = &all;
    for (int64_t r = 0; r < count; r++) {
        seen[r] = one_run(w, (uint32_t)(first + r));
        for (int k = 0; k < UNITS; k++) minutes[r * UNITS + k] = F(seen);
    }
}
