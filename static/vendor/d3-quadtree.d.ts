export {}; // it adds to the global `d3`, for d3-force
