#include <stdio.h>

int main(void)
{
    puts("whs " WHS_VERSION);
    return 0;
}
